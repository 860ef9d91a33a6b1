import { keepOff } from '../manifest/keepOff.ts'
import { ciliumAgent } from './cilium/agent.ts'
import { ciliumCli } from './cilium/cli.ts'
import { ciliumDbg } from './cilium/dbg.ts'
import { ciliumCni } from './cilium/executable.ts'
import { hubble, ownNode } from './cilium/hubble.ts'
import { agentImage, ciliumImages, operatorImage } from './cilium/images.ts'
import { initPrograms } from './cilium/initPrograms.ts'
import { installCilium } from './cilium/manifest.ts'
import { ciliumOperator } from './cilium/operator.ts'
import { hubbleRelay, throughRelay } from './cilium/relay.ts'
import type { NetworkPlugin } from './plugin.ts'

/** Cilium: programs in the kernel that know each pod by an identity, translate Services and enforce policies. */
export const cilium: NetworkPlugin = {
  name: 'cilium',
  summary:
    'Programs in the kernel translate Services at the socket, enforce NetworkPolicies by identity, and tunnel (vxlan) or route (native).',
  backends: ['vxlan', 'native'],
  enforcesPolicies: true,
  replacesKubeProxy: true,
  images: ciliumImages,
  preloaded: [agentImage, operatorImage],
  executables: [ciliumCni],
  manifest: (client, { backend, podRange, server }) => installCilium(client, backend, podRange, server),
  install({ client }, { without }) {
    keepOff(client, without, 'cilium', 'kube-system')
  },
  commands: control => [ciliumCli(control), hubble(control, throughRelay(control.client('kubernetes-admin')))],
  programs: control =>
    new Map(
      [
        ciliumAgent(control),
        ciliumOperator(control),
        ciliumDbg(control),
        hubble(control, ownNode),
        hubbleRelay,
        ...initPrograms,
      ].map(each => [each.name, each]),
    ),
}
