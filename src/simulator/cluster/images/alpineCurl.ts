import type { Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'
import { layCommands } from './layers/root.ts'

/** curl as a command, for root. */
export const alpineCurl: Image = {
  repository: 'docker.io/alpine/curl',
  mirrors: ['docker.io/byrnedo/alpine-curl', 'docker.io/appropriate/curl', 'docker.io/cilium/alpine-curl'],
  hasTag: tag => /^(latest|v?\d+\.\d+(\.\d+)?)$/.test(tag),
  size: () => 5_800_000,
  settings: () => ({ entrypoint: ['curl'] }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1')
    layCommands(files, programs, ['curl'], { directory: '/usr/bin', flavour: 'gnu' })
  },
}
