import type { Image } from './image.ts'
import { layDebian } from './layers/debian.ts'

/** Everything for looking into networks. */
export const netshoot: Image = {
  repository: 'docker.io/nicolaka/netshoot',
  hasTag: tag => /^(latest|v0\.(1[0-5]|[5-9]))$/.test(tag),
  size: () => 80_896_860,
  settings: () => ({ command: ['bash'], workingDirectory: '/root' }),
  // Simplified: the real image is Alpine with GNU tools on top; this one is GNU throughout.
  build: (files, _tag, programs) => layDebian(files, programs, { commands: programs.commands }),
}
