import { serveUntilAsked } from './go/server.ts'
import { anyOf, type Image } from './image.ts'
import { layDebian } from './layers/debian.ts'

/** Says hello, and nothing else. */
export const nodeHello: Image = {
  repository: 'gcr.io/google-samples/node-hello',
  hasTag: anyOf('1.0'),
  size: () => 263_000_000,
  settings: () => ({ command: ['/bin/sh', '-c', 'node server.js'], ports: ['8080/tcp'] }),
  build(files, _tag, programs) {
    layDebian(files, programs, { commands: ['curl'] })
    files.install('/usr/local/bin/node', {
      name: 'node',
      summary: 'run server.js',
      run: process => serveUntilAsked(process, 8080, () => ({ status: 200, body: 'Hello Kubernetes!' })),
    })
  },
}
