import { serveUntilAsked } from './go/server.ts'
import type { Image } from './image.ts'
import { layRoot } from './layers/root.ts'

/** Answers every request with the name of its pod. */
export const serveHostname: Image = {
  repository: 'registry.k8s.io/serve_hostname',
  mirrors: ['registry.k8s.io/serve_hostname-amd64', 'gcr.io/google_containers/serve_hostname'],
  hasTag: tag => /^(latest|v?1\.[1-4])$/.test(tag),
  size: () => 2_500_000,
  settings: () => ({ entrypoint: ['/serve_hostname'], ports: ['9376/tcp'] }),
  build(files) {
    layRoot(files, [], '/dev /etc /proc /sys')
    files.install('/serve_hostname', {
      name: 'serve_hostname',
      summary: 'tell the name of the pod',
      run: process =>
        serveUntilAsked(process, 9376, () => ({
          status: 200,
          headers: { 'Content-Type': 'text/plain; charset=utf-8' },
          body: `${process.machine.hostname}\n`,
        })),
    })
  },
}
