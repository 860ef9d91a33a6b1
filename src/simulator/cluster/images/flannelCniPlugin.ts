import { anyOf, type Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'

/** The plugin that flannel copies to each node's /opt/cni/bin. */
export const flannelCniPlugin: Image = {
  repository: 'ghcr.io/flannel-io/flannel-cni-plugin',
  hasTag: anyOf('v1.9.1-flannel1'),
  size: () => 4_967_239,
  settings: () => ({}),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1')
    files.install('/flannel', programs.ofCluster('cni-plugin'))
  },
}
