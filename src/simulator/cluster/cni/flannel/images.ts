import { anyOf, type Image } from '../../images/image.ts'
import { layAlpine } from '../../images/layers/alpine.ts'

/** flanneld, with a small Linux around it for its init container. */
const daemon: Image = {
  repository: 'ghcr.io/flannel-io/flannel',
  hasTag: anyOf('v0.28.4'),
  size: () => 67_134_298,
  settings: () => ({ entrypoint: ['/opt/bin/flanneld'] }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1')
    files.install('/opt/bin/flanneld', programs.ofCluster('flanneld'))
  },
}

/** The plugin that flannel copies to each node's /opt/cni/bin. */
const executable: Image = {
  repository: 'ghcr.io/flannel-io/flannel-cni-plugin',
  hasTag: anyOf('v1.9.1-flannel1'),
  size: () => 4_967_239,
  settings: () => ({}),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1')
    files.install('/flannel', programs.ofCluster('cni-plugin'))
  },
}

/** What the pods of flannel are made of. */
export const flannelImages: readonly Image[] = [daemon, executable]
