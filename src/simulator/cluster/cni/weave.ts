import { formatPrefix } from '../../network/address.ts'
import type { NetworkPlugin } from './plugin.ts'
import { weaveCommand } from './weave/command.ts'
import { weaveNet } from './weave/executable.ts'
import { weaveImages } from './weave/images.ts'
import { initialize } from './weave/initialize.ts'
import { installWeave } from './weave/manifest.ts'
import { policyController } from './weave/policyController.ts'
import { podRange } from './weave/range.ts'
import { router } from './weave/router.ts'

/** Weave Net: one range for all nodes and one Ethernet over all of them, in a mesh of VXLAN tunnels. */
export const weave: NetworkPlugin = {
  name: 'weave',
  summary: 'All pods share one range and one Ethernet; routers on the nodes pass frames on through a mesh of tunnels.',
  enforcesPolicies: true,
  podRange: formatPrefix(podRange),
  images: weaveImages,
  executables: [weaveNet],
  preloaded: ['weaveworks/weave-kube:2.8.1', 'weaveworks/weave-npc:2.8.1'],
  manifest: client => installWeave(client),
  install({ client }, { without }) {
    if (without.length > 0) installWeave(client, without)
  },
  programs: control =>
    new Map([
      ['weave-init', initialize],
      ['weaver', router(control)],
      ['weave-npc', policyController(control)],
      ['weave', weaveCommand],
    ]),
}
