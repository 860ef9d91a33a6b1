import { keepOff } from '../manifest/keepOff.ts'
import { calicoctl } from './calico/calicoctl.ts'
import { calico as executable } from './calico/executable.ts'
import { calicoImages } from './calico/images.ts'
import { calicoIpam } from './calico/ipamExecutable.ts'
import { kubeControllers } from './calico/kubeControllers.ts'
import { installCalico } from './calico/manifest.ts'
import { calicoNode } from './calico/node.ts'
import { cniImage, controllersImage, nodeImage } from './calico/settings.ts'
import type { NetworkPlugin } from './plugin.ts'

/** Calico: every pod is routed to by its own address, and policies are chains of iptables on its node. */
export const calico: NetworkPlugin = {
  name: 'calico',
  summary:
    'Packets are routed, without a bridge: each pod has a route of its own on its node, nodes reach each other by IP-in-IP, VXLAN or plain routes, and each packet passes the policy chains of both pods.',
  backends: ['ipip', 'vxlan', 'none'],
  enforcesPolicies: true,
  images: calicoImages,
  executables: [executable, calicoIpam],
  preloaded: [nodeImage, cniImage, controllersImage],
  manifest: installCalico,
  commands: control => [calicoctl(control.client('kubernetes-admin'))],
  install({ client, nodes }, { without }) {
    for (const node of nodes) node.files.install('/usr/local/bin/calicoctl', calicoctl(client))
    keepOff(client, without, 'calico-node', 'kube-system')
  },
  programs: control =>
    new Map([
      ['start_runit', calicoNode(control)],
      ['kube-controllers', kubeControllers(control)],
    ]),
}
