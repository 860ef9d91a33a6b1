import type { Timer } from '../../../clock.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { networkPolicy } from '../../kinds/networkPolicy.ts'
import { pod as podKind } from '../../kinds/pod.ts'
import type { PluginControl } from '../plugin.ts'
import { rulesOf } from './policyRules.ts'
import { PolicySets } from './policySets.ts'
import { fill, writePolicyFrame } from './rules.ts'

// Changes that come together are worked through together.
const gathering = 50

/** Turns NetworkPolicies into sets of addresses and rules on its node: weave-npc. */
export function policyController(control: PluginControl): Program {
  return {
    name: 'weave-npc',
    summary: 'enforce NetworkPolicies',
    appetite: { processor: 2, memory: 25_000_000 },
    async run(process) {
      const time = new Date(process.machine.now()).toISOString().replace(/^(\d+)-(\d+)-(\d+)T(.*)Z$/, '$1/$2/$3 $4000')
      await process.stderr.write(
        `INFO: ${time} Starting Weaveworks NPC 2.8.1; node name "${process.env.get('HOSTNAME') ?? process.machine.hostname}"\n`,
      )
      process.onExit(follow(process, control))
      await untilAsked(process)
      return 0
    },
  }
}

/** Keeps the rules of a node in step with the cluster; the answer ends it. */
function follow({ network }: Process, { clock, client: clientOf }: PluginControl): () => void {
  const client = clientOf('system:serviceaccount:kube-system:weave-net')
  const { netfilter } = network
  const sets = new PolicySets(netfilter.sets)
  let timer: Timer | undefined
  const work = () => {
    timer = undefined
    const pods = client.list(podKind).flatMap(({ metadata, spec, status }) => {
      const address = parseIpv4(status?.podIP ?? '')
      const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed'
      if (address === undefined || isOver || spec.hostNetwork) return []
      const ports = [...(spec.initContainers ?? []), ...spec.containers]
        .flatMap(container => container.ports ?? [])
        .flatMap(({ name, containerPort, protocol = 'TCP' }) =>
          name ? [{ name, protocol: protocol.toLowerCase(), port: containerPort }] : [],
        )
      return [{ namespace: metadata.namespace ?? '', labels: metadata.labels ?? {}, address, ports }]
    })
    const namespaces = new Map(client.list(namespaceKind).map(({ metadata }) => [metadata.name, metadata.labels ?? {}]))
    const rules = rulesOf(client.list(networkPolicy), [...namespaces.keys()])
    sets.fill(rules.sets, pods, namespaces)
    const filter = netfilter.table('filter')
    fill(filter, 'WEAVE-NPC-DEFAULT', rules.ingressDefault)
    fill(filter, 'WEAVE-NPC-INGRESS', rules.ingress)
    fill(filter, 'WEAVE-NPC-EGRESS-DEFAULT', rules.egressDefault)
    fill(filter, 'WEAVE-NPC-EGRESS-CUSTOM', rules.egress)
    sets.forgetOthers(rules.sets)
  }
  writePolicyFrame(network)
  const later = () => {
    timer ??= clock.after(gathering, work)
  }
  work()
  const stops = [client.watch(podKind, later), client.watch(namespaceKind, later), client.watch(networkPolicy, later)]
  return () => {
    timer?.cancel()
    for (const stop of stops) stop()
  }
}
