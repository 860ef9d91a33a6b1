import { flanneld } from './flannel/flanneld.ts'
import { manifests } from './flannel/manifests.ts'
import type { NetworkPlugin } from './plugin.ts'

/** Flannel: a range of addresses for each node, and a VXLAN tunnel or plain routes between them. */
export const flannel: NetworkPlugin = {
  name: 'flannel',
  summary: 'Each node has its own range; flanneld joins the nodes by a VXLAN tunnel or by routes (host-gw).',
  backends: ['vxlan', 'host-gw'],
  install({ client, podRange }, { backend = 'vxlan', without }) {
    for (const [kind, object] of manifests({ podRange, backend, without })) client.create(kind, object)
  },
  programs: control => new Map([['flanneld', flanneld(control)]]),
}
