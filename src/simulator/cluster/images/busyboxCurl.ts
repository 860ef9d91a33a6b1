import type { Image } from './image.ts'
import { layBusybox } from './layers/busybox.ts'
import { layCommands } from './layers/root.ts'

/** busybox with curl. */
export const busyboxCurl: Image = {
  repository: 'docker.io/radial/busyboxplus',
  mirrors: ['docker.io/yauritux/busybox-curl', 'docker.io/odise/busybox-curl'],
  hasTag: tag => /^(latest|base|curl|git)$/.test(tag),
  size: () => 4_200_000,
  settings: () => ({ command: ['/bin/sh'] }),
  build(files, _tag, programs) {
    layBusybox(files, programs)
    layCommands(files, programs, ['curl'], { directory: '/usr/bin', flavour: 'gnu' })
  },
}
