import { anyOf, type Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'
import { layCommands } from './layers/root.ts'

/** A container that only sleeps, to look around from. */
export const kiamolSleep: Image = {
  repository: 'docker.io/kiamol/ch03-sleep',
  hasTag: anyOf('latest'),
  size: () => 21_310_342,
  settings: () => ({ command: ['sleep', 'infinity'] }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.11.5')
    layCommands(files, programs, ['curl'], { directory: '/usr/bin', flavour: 'gnu' })
  },
}
