import type { Machine } from '../../../machine/machine.ts'
import { formatPrefix, parseIpv4, parsePrefix } from '../../../network/address.ts'
import { parseRule } from '../../../network/netfilter/parse.ts'
import { Rule } from '../../../network/netfilter/rule.ts'
import type { Client } from '../../client.ts'
import { type Node, node as nodeKind } from '../../kinds/node.ts'

/** Addresses that packets reach under the pod's own address: --non-masquerade-cidr of the kubelet. */
const nonMasqueraded = '10.0.0.0/8'
const folder = '/etc/cni/net.d'

/** Sets machines up as their Nodes get ranges of addresses, and keeps the routes between them. */
export function followNodes(client: Client, machines: readonly Machine[]): void {
  client.watch(nodeKind, ({ type, object, previous }) => {
    const now = type === 'DELETED' ? undefined : object
    const before = previous ?? object
    const name = before.metadata.name
    for (const machine of machines) {
      if (machine.name === name) {
        if (now?.spec.podCIDR) furnish(machine, now.spec.podCIDR)
      } else lead(machine, now, before)
    }
    if (now?.spec.podCIDR) announce(client, now)
  })
}

/** Writes down the network of a machine's pods, and hides their addresses from everyone outside. */
function furnish({ files, network }: Machine, podRange: string): void {
  const configuration = {
    cniVersion: '0.3.1',
    name: 'kubenet',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cbr0',
        mtu: network.interface('eth0')?.mtu ?? 1500,
        addIf: 'eth0',
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: { type: 'host-local', ranges: [[{ subnet: podRange }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  }
  const text = `${JSON.stringify(configuration, undefined, 2)}\n`
  const file = `${folder}/10-kubenet.conflist`
  if (files.exists(file) && files.readText(file) === text) return
  files.mkdir(folder, { parents: true })
  files.writeText(file, text)
  const nat = network.netfilter.table('nat')
  const comment = 'kubenet: SNAT for outbound traffic from cluster'
  if (
    nat
      .chain('POSTROUTING')
      .rules.some(({ text: { matches } }) => matches.some(each => each.kind === 'comment' && each.text === comment))
  )
    return
  nat.append(
    'POSTROUTING',
    new Rule(
      parseRule(
        `-m comment --comment "${comment}" -m addrtype ! --dst-type LOCAL ! -d ${nonMasqueraded} -j MASQUERADE`,
      ),
    ),
  )
}

/** Leads a machine's packets for another node's pods to that node. */
function lead({ network }: Machine, now: Node | undefined, before: Node): void {
  const [wanted, old] = [now && wayTo(now), wayTo(before)]
  if (old && (old.range !== wanted?.range || old.gateway !== wanted.gateway))
    network.routes.remove({ destination: parsePrefix(old.range)!, gateway: old.gateway })
  if (!wanted) return
  const destination = parsePrefix(wanted.range)!
  const isThere = network.routes.list().some(route => formatPrefix(route.destination) === wanted.range)
  if (!isThere && network.interface('eth0')?.isUp)
    network.addRoute(destination, { gateway: wanted.gateway, interface: 'eth0' })
}

function wayTo({ spec, status }: Node): { range: string; gateway: number } | undefined {
  const address = status.addresses?.find(each => each.type === 'InternalIP')?.address
  const gateway = parseIpv4(address ?? '')
  return spec.podCIDR && gateway !== undefined ? { range: spec.podCIDR, gateway } : undefined
}

/** Says on the Node what the route controller of a cloud says. */
function announce(client: Client, { metadata, status }: Node): void {
  if (status.conditions?.some(each => each.type === 'NetworkUnavailable' && each.status === 'False')) return
  const current = client.get(nodeKind, metadata.name)
  const ready = current?.status.conditions?.find(each => each.type === 'Ready')
  if (!current || !ready) return
  const condition = {
    type: 'NetworkUnavailable',
    status: 'False',
    lastHeartbeatTime: ready.lastHeartbeatTime!,
    lastTransitionTime: ready.lastHeartbeatTime!,
    reason: 'RouteCreated',
    message: 'RouteController created a route',
  }
  const others = (current.status.conditions ?? []).filter(each => each.type !== condition.type)
  client.updateStatus(nodeKind, { ...current, status: { ...current.status, conditions: [condition, ...others] } })
}
