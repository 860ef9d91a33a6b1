import type { Image } from './image.ts'
import { layBusybox } from './layers/busybox.ts'

const versions = /^(latest|stable|musl|glibc|uclibc|1(\.(2[6-9]|3[0-7])(\.\d{1,2})?)?(-(musl|glibc|uclibc))?|unstable)$/

/** A shell and hundreds of small commands in one file. */
export const busybox: Image = {
  repository: 'docker.io/library/busybox',
  hasTag: tag => versions.test(tag),
  size: () => 2_161_471,
  settings: () => ({ command: ['sh'] }),
  build: (files, _tag, programs) => layBusybox(files, programs),
}
