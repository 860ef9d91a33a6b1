import type { Image } from './image.ts'
import { layDebian } from './layers/debian.ts'
import { layRelease } from './layers/root.ts'

/** Ubuntu with what is essential. */
export const ubuntu: Image = {
  repository: 'docker.io/library/ubuntu',
  hasTag: tag => /^(latest|rolling|jammy|noble|focal|2[02]\.04|24\.04|25\.04)$/.test(tag),
  size: () => 29_720_000,
  settings: () => ({ command: ['/bin/bash'] }),
  build(files, _tag, programs) {
    layDebian(files, programs)
    layRelease(files, {
      PRETTY_NAME: 'Ubuntu 24.04.3 LTS',
      NAME: 'Ubuntu',
      VERSION_ID: '24.04',
      VERSION: '24.04.3 LTS (Noble Numbat)',
      VERSION_CODENAME: 'noble',
      ID: 'ubuntu',
      ID_LIKE: 'debian',
      HOME_URL: 'https://www.ubuntu.com/',
    })
  },
}
