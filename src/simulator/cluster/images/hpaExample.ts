import { serveUntilAsked } from './go/server.ts'
import { anyOf, type Image } from './image.ts'
import { layDebian } from './layers/debian.ts'

const workTime = 12

/** A page that costs work. */
export const hpaExample: Image = {
  repository: 'registry.k8s.io/hpa-example',
  hasTag: anyOf('latest'),
  size: () => 182_000_000,
  settings: () => ({ command: ['apache2-foreground'], ports: ['80/tcp'] }),
  build(files, _tag, programs) {
    layDebian(files, programs, { commands: ['curl'] })
    files.install('/usr/local/bin/apache2-foreground', {
      name: 'apache2-foreground',
      summary: 'serve the page',
      appetite: { processor: 1, memory: 12_000_000 },
      run: process =>
        serveUntilAsked(process, 80, async () => {
          // A million square roots take about this long.
          await process.work(workTime)
          return {
            status: 200,
            headers: {
              Server: 'Apache/2.4.10 (Debian)',
              'X-Powered-By': 'PHP/5.6.14',
              'Content-Type': 'text/html; charset=UTF-8',
            },
            body: 'OK!',
          }
        }),
    })
  },
}
