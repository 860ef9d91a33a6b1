import type { Image } from './image.ts'
import { layDebian } from './layers/debian.ts'

/** Debian with what is essential. */
export const debian: Image = {
  repository: 'docker.io/library/debian',
  hasTag: tag => /^(latest|stable|bookworm|bullseye|trixie|1[1-3](\.\d{1,2})?)(-slim)?$|^stable-slim$/.test(tag),
  size: () => 48_480_000,
  settings: () => ({ command: ['bash'] }),
  build: (files, _tag, programs) => layDebian(files, programs),
}
