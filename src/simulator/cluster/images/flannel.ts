import { anyOf, type Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'

/** flanneld, with a small Linux around it for its init container. */
export const flannel: Image = {
  repository: 'ghcr.io/flannel-io/flannel',
  hasTag: anyOf('v0.28.4'),
  size: () => 67_134_298,
  settings: () => ({ entrypoint: ['/opt/bin/flanneld'] }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1')
    files.install('/opt/bin/flanneld', programs.ofCluster('flanneld'))
  },
}
