import { keepOff } from '../manifest/keepOff.ts'
import { flannel as executable } from './flannel/executable.ts'
import { flanneld } from './flannel/flanneld.ts'
import { flannelImages } from './flannel/images.ts'
import { installFlannel } from './flannel/manifest.ts'
import type { NetworkPlugin } from './plugin.ts'

/** Flannel: a range of addresses for each node, and a VXLAN tunnel or plain routes between them. */
export const flannel: NetworkPlugin = {
  name: 'flannel',
  summary: 'Each node has its own range; flanneld joins the nodes by a VXLAN tunnel or by routes (host-gw).',
  backends: ['vxlan', 'host-gw'],
  images: flannelImages,
  executables: [executable],
  preloaded: ['ghcr.io/flannel-io/flannel:v0.28.4', 'ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1'],
  manifest: (client, { backend, podRange }) => installFlannel(client, backend, podRange),
  install({ client }, { without }) {
    keepOff(client, without, 'kube-flannel-ds', 'kube-flannel')
  },
  programs: control => new Map([['flanneld', flanneld(control)]]),
}
