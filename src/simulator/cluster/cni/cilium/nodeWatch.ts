import { parseIpv4, parsePrefix } from '../../../network/address.ts'
import type { Client } from '../../client.ts'
import type { Datapath } from './datapath.ts'
import { reservedIdentity } from './identity.ts'
import type { CiliumEndpoint, CiliumKinds, CiliumNode } from './objects.ts'
import { nodeSet } from './rules.ts'

/** Keeps what a node knows of the others: their addresses, the way to them, and the pods behind them. */
export function watchNodes(client: Client, kinds: CiliumKinds, datapath: Datapath): () => void {
  const { nodeName } = datapath.options
  const stops = [
    client.watch(kinds.node, ({ type, object, previous }) => {
      if (object.metadata.name === nodeName) return
      if (previous) forget(datapath, previous)
      if (type === 'DELETED') forget(datapath, object)
      else meet(datapath, object)
    }),
    client.watch(kinds.endpoint, ({ type, object, previous }) => {
      const before = previous && addressOf(previous)
      const address = addressOf(object)
      if (before !== undefined && before !== address) datapath.ipCache.delete(before)
      if (address === undefined) return
      if (type === 'DELETED') {
        if (!datapath.endpoints.has(address)) datapath.ipCache.delete(address)
      } else enter(datapath, object, address)
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function enter(datapath: Datapath, object: CiliumEndpoint, address: number): void {
  const { status, metadata } = object
  const node = parseIpv4(status?.networking?.node ?? '') ?? 0
  const identity = status?.identity?.id ?? reservedIdentity.unmanaged
  datapath.ipCache.set(address, {
    identity,
    tunnelEndpoint: node === datapath.options.nodeAddress ? 0 : node,
    pod: `${metadata.namespace}/${metadata.name}`,
    namedPorts: status?.['named-ports'],
  })
}

/** The address of a pod, as its endpoint tells. */
export function addressOf({ status }: CiliumEndpoint): number | undefined {
  return parseIpv4(status?.networking?.addressing[0]?.ipv4 ?? '')
}

function meet(datapath: Datapath, object: CiliumNode): void {
  const { options, ipCache } = datapath
  const internal = addressesOf(object, 'InternalIP')[0]
  if (internal === undefined) return
  const isControlPlane = object.metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined
  const identity = reservedIdentity[isControlPlane ? 'kube-apiserver' : 'remote-node']
  ipCache.set(internal, { identity, tunnelEndpoint: 0 })
  options.host.netfilter.sets.get(nodeSet)?.add({ prefix: { address: internal, length: 32 } })
  for (const address of addressesOf(object, 'CiliumInternalIP'))
    ipCache.set(address, { identity: reservedIdentity['remote-node'], tunnelEndpoint: internal })
  for (const text of object.spec.ipam?.podCIDRs ?? []) {
    const destination = parsePrefix(text)
    if (!destination) continue
    options.host.routes.replace(
      options.isTunnelling
        ? {
            kind: 'unicast',
            destination,
            gateway: options.router,
            interface: 'cilium_host',
            source: options.router,
            mtu: 1450,
            scope: 'global',
            protocol: 'kernel',
            table: 'main',
          }
        : {
            kind: 'unicast',
            destination,
            gateway: internal,
            interface: options.outside,
            scope: 'global',
            protocol: 'kernel',
            table: 'main',
          },
    )
  }
}

function forget(datapath: Datapath, object: CiliumNode): void {
  const { options, ipCache } = datapath
  for (const type of ['InternalIP', 'CiliumInternalIP'] as const)
    for (const address of addressesOf(object, type)) {
      ipCache.delete(address)
      options.host.netfilter.sets.get(nodeSet)?.remove({ prefix: { address, length: 32 } })
    }
  for (const text of object.spec.ipam?.podCIDRs ?? []) {
    const destination = parsePrefix(text)
    if (destination) options.host.routes.remove({ destination })
  }
}

function addressesOf({ spec }: CiliumNode, type: 'InternalIP' | 'CiliumInternalIP'): number[] {
  return (spec.addresses ?? []).flatMap(each => (each.type === type ? (parseIpv4(each.ip) ?? []) : []))
}
