import { agnhostProgram } from './agnhost/agnhost.ts'
import type { Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'
import { layCommands } from './layers/root.ts'

/** The test program of the Kubernetes project: servers that tell who asked whom. */
export const agnhost: Image = {
  repository: 'registry.k8s.io/e2e-test-images/agnhost',
  hasTag: tag => /^2\.(\d|[1-4]\d|5[0-9])$/.test(tag),
  size: () => 129_240_014,
  settings: () => ({ entrypoint: ['/agnhost'], command: ['pause'] }),
  build(files, tag, programs) {
    layAlpine(files, programs, '3.18.4')
    layCommands(files, programs, ['curl', 'dig', 'bash', 'iptables'], { directory: '/usr/bin', flavour: 'gnu' })
    files.install('/agnhost', agnhostProgram(`${tag}.0`))
  },
}
