import { formatPrefix } from './address.ts'
import { formatConnection } from './conntrack.ts'
import type { NetworkInterface } from './interface.ts'
import type { NetworkNamespace } from './namespace.ts'
import { formatRoute } from './routes.ts'
import { defaultSettings } from './sysctl.ts'

/** Everything of a namespace that has state, as plain JSON, for comparing two runs. */
export function snapshotOf(namespace: NetworkNamespace): unknown {
  const { routes, neighbours, netfilter, connections, sockets, clock } = namespace
  return {
    machine: namespace.machine,
    name: namespace.name,
    interfaces: namespace.interfaces.map(snapshotOfInterface),
    routes: routes.list().map(route => formatRoute(route).trimEnd()),
    neighbours: neighbours.list(),
    rules: netfilter.save({ counters: true }),
    sets: [...netfilter.sets.values()].map(set => ({ name: set.name, type: set.type, members: set.members })),
    balanced: namespace.ipvs.services.map(service => [
      service.protocol,
      service.text,
      ...service.destinations.map(({ text, weight, load }) => `${text} ${weight} ${load}`),
    ]),
    connections: connections.list().map(connection => formatConnection(connection, clock.now)),
    sockets: sockets.list(),
    settings: changedSettings(namespace.sysctl),
    kernelLog: namespace.name === namespace.machine ? namespace.network.kernelLog(namespace.machine).messages : [],
  }
}

/** Kernel settings that are not what they were at the beginning. */
function changedSettings(settings: ReadonlyMap<string, string>): Record<string, string> {
  const before = defaultSettings()
  const changed = [...settings].filter(([name, value]) => before.get(name) !== value)
  return Object.fromEntries(changed.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function snapshotOfInterface(device: NetworkInterface): unknown {
  return {
    name: device.name,
    index: device.index,
    kind: device.kind,
    mac: device.mac,
    mtu: device.mtu,
    isUp: device.isUp,
    master: device.master?.name ?? null,
    port: device.master ? { ...device.port } : null,
    addresses: device.addresses.map(formatPrefix),
    counters: { ...device.counters },
    ...(device.queue && { queue: { ...device.queue.settings, ...device.queue.counters } }),
    ...device.details(),
  }
}
