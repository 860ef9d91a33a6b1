import { ipvlan } from './executables/ipvlan.ts'
import { macvlan } from './executables/macvlan.ts'
import { staticAddresses } from './executables/static.ts'
import { flannel as flannelExecutable } from './flannel/executable.ts'
import { flanneld } from './flannel/flanneld.ts'
import { flannelImages } from './flannel/images.ts'
import { installFlannel } from './flannel/manifest.ts'
import { multusEntrypoint } from './multus/entrypoint.ts'
import { multus as executable } from './multus/executable.ts'
import { multusImage } from './multus/image.ts'
import { installMultus } from './multus/manifest.ts'
import type { NetworkPlugin } from './plugin.ts'

/** Multus over flannel: every pod has its usual interface, and further ones that its annotation asks for. */
export const multus: NetworkPlugin = {
  name: 'multus',
  summary: 'Flannel connects every pod; Multus adds the further interfaces that a pod asks for by annotation.',
  backends: ['vxlan', 'host-gw'],
  images: [...flannelImages, multusImage],
  executables: [flannelExecutable, executable, macvlan, ipvlan, staticAddresses],
  preloaded: [
    'ghcr.io/flannel-io/flannel:v0.28.4',
    'ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1',
    'ghcr.io/k8snetworkplumbingwg/multus-cni:v4.2.2',
  ],
  manifest(client, { backend, podRange }) {
    installFlannel(client, backend, podRange)
    installMultus(client)
  },
  programs: control =>
    new Map([
      ['flanneld', flanneld(control)],
      ['multus-entrypoint', multusEntrypoint],
    ]),
}
