import { daemonSet } from '../kinds/daemonSet.ts'
import { flanneld } from './flannel/flanneld.ts'
import type { NetworkPlugin } from './plugin.ts'

/** Flannel: a range of addresses for each node, and a VXLAN tunnel or plain routes between them. */
export const flannel: NetworkPlugin = {
  name: 'flannel',
  summary: 'Each node has its own range; flanneld joins the nodes by a VXLAN tunnel or by routes (host-gw).',
  backends: ['vxlan', 'host-gw'],
  install({ client }, { without }) {
    if (without.length === 0) return
    const elsewhere = { key: 'kubernetes.io/hostname', operator: 'NotIn', values: [...without] }
    const required = { nodeSelectorTerms: [{ matchExpressions: [elsewhere] }] }
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } }
    client.patch(daemonSet, 'kube-flannel-ds', 'kube-flannel', { spec: { template: { spec: { affinity } } } })
  },
  programs: control => new Map([['flanneld', flanneld(control)]]),
}
