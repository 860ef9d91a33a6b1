import type { Process } from '../../machine/program.ts'
import { goTime, serveUntilAsked } from './go/server.ts'
import { anyOf, type Image } from './image.ts'
import { layRoot } from './layers/root.ts'

/** Says hello, with its version and the name of its pod. */
export const helloApp: Image = {
  repository: 'gcr.io/google-samples/hello-app',
  hasTag: anyOf('1.0', '2.0'),
  size: () => 12_000_000,
  settings: () => ({ command: ['/hello-app'], ports: ['8080/tcp'] }),
  build(files, tag) {
    layRoot(files, [], '/dev /etc /proc /sys')
    files.install('/hello-app', { name: 'hello-app', summary: 'say hello', run: process => run(process, `${tag}.0`) })
  },
}

async function run(process: Process, version: string): Promise<number> {
  const port = Number(process.env.get('PORT') ?? 8080)
  const log: string[] = []
  await process.stderr.write(`${goTime(process)} Server listening on port ${port}\n`)
  return serveUntilAsked(
    process,
    port,
    () => ({
      status: 200,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      body: `Hello, world!\nVersion: ${version}\nHostname: ${process.machine.hostname}\n`,
    }),
    ({ target }) => {
      log.push(`${goTime(process)} Serving request: ${target.split('?')[0]}\n`)
      process.thread(async () => process.stderr.write(log.splice(0).join('')))
    },
  )
}
