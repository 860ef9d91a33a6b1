import type { Image } from './image.ts'
import { layBusybox } from './layers/busybox.ts'

const versions =
  /^(latest|stable|musl|glibc|uclibc|1(\.(2[4-9]|3[0-7])(\.\d{1,2})?)?(-(musl|glibc|uclibc|\d))?|unstable)$/

/** A shell and hundreds of small commands in one file. */
export const busybox: Image = {
  repository: 'docker.io/library/busybox',
  mirrors: ['registry.k8s.io/busybox', 'registry.k8s.io/e2e-test-images/busybox', 'gcr.io/google-containers/busybox'],
  hasTag: tag => versions.test(tag),
  size: () => 2_161_471,
  settings: () => ({ command: ['sh'] }),
  build: (files, _tag, programs) => layBusybox(files, programs),
}
