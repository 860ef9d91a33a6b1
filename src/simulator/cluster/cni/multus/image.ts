import { anyOf, type Image } from '../../images/image.ts'
import { layAlpine } from '../../images/layers/alpine.ts'

/** Plugins that networks of NetworkAttachmentDefinitions often name. */
export const furtherPlugins: readonly string[] = ['ipvlan', 'macvlan', 'static']

/** Multus with the program that writes its configuration, and a small Linux around them. */
// Simplified: the further plugins come with the image of Multus; else someone installs them on each node.
export const multusImage: Image = {
  repository: 'ghcr.io/k8snetworkplumbingwg/multus-cni',
  hasTag: anyOf('v4.2.2'),
  size: () => 77_594_624,
  settings: () => ({ entrypoint: ['/thin_entrypoint'] }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1')
    files.install('/thin_entrypoint', programs.ofCluster('multus-entrypoint'))
    for (const name of ['multus', ...furtherPlugins])
      files.install(`/usr/src/multus-cni/bin/${name}`, programs.ofCluster('cni-plugin'))
  },
}
