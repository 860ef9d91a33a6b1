import type { Image } from './image.ts'
import { layRoot } from './layers/root.ts'

/** Does nothing and holds the namespaces of a pod. */
export const pause: Image = {
  repository: 'registry.k8s.io/pause',
  hasTag: tag => /^3\.(\d|10|10\.\d)$/.test(tag),
  size: () => 727_877,
  settings: () => ({ entrypoint: ['/pause'], user: '65535:65535' }),
  build(files) {
    layRoot(files, [], '/dev /etc /proc /sys')
    files.install('/pause', {
      name: 'pause',
      summary: 'wait for a signal',
      async run(process) {
        // Asked to end, it says so and gives the number of no signal: build/pause/linux/pause.c.
        const signal = await process.wait<string>(wake => {
          for (const name of ['SIGINT', 'SIGTERM']) process.onSignal(name, () => wake(name))
        })
        await process.stderr.write(`Shutting down, got signal: ${signal === 'SIGINT' ? 'Interrupt' : 'Terminated'}\n`)
        return 0
      },
    })
  },
}
