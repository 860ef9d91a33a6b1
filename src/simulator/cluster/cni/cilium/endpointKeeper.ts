import { formatIpv4 } from '../../../network/address.ts'
import type { Random } from '../../../random.ts'
import type { Client } from '../../client.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { type NetworkPolicy, networkPolicy } from '../../kinds/networkPolicy.ts'
import { type Pod, pod as podKind } from '../../kinds/pod.ts'
import { type CiliumPolicy, lacking, rangesOfRules } from './ciliumPolicy.ts'
import type { AgentDoor, ConnectRequest, Datapath, KnownNode } from './datapath.ts'
import { clusterIdentities, firstLocalIdentity, labelLines, reservedIdentity, securityLabels } from './identity.ts'
import type { LocalEndpoint } from './localEndpoint.ts'
import type { CiliumEndpoint, CiliumIdentity, CiliumKinds, NamedPort } from './objects.ts'
import { findPolicyKinds } from './objects.ts'
import { type KnownIdentity, type PolicySource, policyFor, rangesOf, readIdentity } from './policy.ts'
import { PolicyMap } from './policyMap.ts'

export interface KeeperParts {
  readonly client: Client
  readonly kinds: CiliumKinds
  readonly datapath: Datapath
  readonly random: Random
}

/** Keeps the endpoints of a node: whose they are, what their labels stand for, and what their policies allow. */
export class EndpointKeeper implements AgentDoor {
  readonly #parts: KeeperParts
  readonly #identities = new Map<number, KnownIdentity>()
  readonly #byLabels = new Map<string, number>()
  readonly #labels = new Map<number, readonly string[]>()
  readonly #policies = new Map<string, Map<string, NetworkPolicy>>()
  readonly #ciliumPolicies = new Map<string, CiliumPolicy>()
  /** Ports by name of the pods of an identity, and how many endpoints say so. */
  readonly #ports = new Map<number, Map<string, NamedPort[]>>()
  readonly #source: PolicySource
  readonly #stops: (() => void)[]
  #isDirty = false

  constructor(parts: KeeperParts) {
    this.#parts = parts
    const { client, kinds, datapath } = parts
    this.#source = {
      identities: this.#identities,
      ipCache: datapath.ipCache,
      policies: this.#policies,
      ciliumPolicies: this.#ciliumPolicies,
      namedPorts: identity =>
        identity === reservedIdentity.world || identity >= firstLocalIdentity
          ? this.#portsInRange(identity)
          : [...(this.#ports.get(identity)?.values() ?? [])].flat(),
    }
    this.#stops = [
      client.watch(kinds.identity, ({ type, object }) => this.#followIdentity(object, type === 'DELETED')),
      client.watch(kinds.endpoint, ({ type, object, previous }) => {
        if (previous) this.#forgetPorts(previous)
        if (type !== 'DELETED') this.#learnPorts(object)
      }),
      client.watch(networkPolicy, ({ type, object }) => this.#followPolicy(object, type === 'DELETED')),
      ...findPolicyKinds(client).map(kind =>
        client.watch(kind, ({ type, object }) => {
          const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
          // A policy that cannot be used is not enforced; its status says what is wrong.
          if (type === 'DELETED' || lacking(object).length > 0) this.#ciliumPolicies.delete(key)
          else this.#ciliumPolicies.set(key, object)
          this.#markDirty()
        }),
      ),
      client.watch(namespaceKind, ({ type, object }) => {
        if (type === 'MODIFIED') this.#relabel(endpoint => endpoint.namespace === object.metadata.name)
      }),
      client.watchNode(podKind, datapath.options.nodeName, ({ type, object }) => {
        if (type === 'MODIFIED') this.#relabel(endpoint => endpoint.uid === object.metadata.uid)
      }),
    ]
    this.#restore()
  }

  stop(): void {
    for (const stop of this.#stops) stop()
  }

  connect(request: ConnectRequest): LocalEndpoint {
    const { client, datapath, random } = this.#parts
    const { name, namespace, uid } = request.pod
    const found = client.get(podKind, name, namespace)
    const taken = new Set([...datapath.endpoints.values()].map(({ id }) => id))
    let id = 1 + random.below(4095)
    while (taken.has(id)) id = (id % 4095) + 1
    const endpoint: LocalEndpoint = {
      id,
      namespace,
      pod: name,
      uid,
      containerId: request.containerId,
      address: request.address,
      mac: request.inside.mac,
      device: request.device,
      network: request.network,
      namedPorts: found ? namedPortsOf(found) : [],
      identity: reservedIdentity.init,
      labels: {},
      policy: new PolicyMap({ ingress: true, egress: true }, []),
    }
    this.#identify(endpoint)
    datapath.endpoints.set(endpoint.address, endpoint)
    this.#publish(endpoint, found)
    endpoint.policy = policyFor(endpoint.identity, endpoint.namedPorts, this.#source)
    return endpoint
  }

  disconnect(endpoint: LocalEndpoint): void {
    const { client, kinds } = this.#parts
    const found = client.get(kinds.endpoint, endpoint.pod, endpoint.namespace)
    if (found?.status?.id === endpoint.id) client.delete(kinds.endpoint, endpoint.pod, endpoint.namespace)
  }

  identities(): ReadonlyMap<number, readonly string[]> {
    return this.#labels
  }

  nodes(): readonly KnownNode[] {
    const { client, kinds, datapath } = this.#parts
    return client.list(kinds.node).map(({ metadata: { name }, spec }) => ({
      name,
      address: spec.addresses?.find(({ type }) => type === 'InternalIP')?.ip ?? '',
      range: spec.ipam?.podCIDRs?.[0] ?? '',
      isOwn: name === datapath.options.nodeName,
    }))
  }

  policies(): readonly (NetworkPolicy | CiliumPolicy)[] {
    const plain = [...this.#policies.values()].flatMap(each => [...each.values()])
    return [...plain, ...this.#ciliumPolicies.values()]
  }

  /** Takes over the endpoints that an agent before this one has left. */
  #restore(): void {
    const { client, datapath } = this.#parts
    for (const endpoint of datapath.endpoints.values()) {
      this.#identify(endpoint)
      this.#publish(endpoint, client.get(podKind, endpoint.pod, endpoint.namespace))
      endpoint.policy = policyFor(endpoint.identity, endpoint.namedPorts, this.#source)
    }
  }

  /** Finds the identity of an endpoint's labels, or makes one. */
  #identify(endpoint: LocalEndpoint): void {
    const { client } = this.#parts
    const pod = client.get(podKind, endpoint.pod, endpoint.namespace)
    if (!pod) return
    endpoint.labels = securityLabels({
      namespace: endpoint.namespace,
      labels: pod.metadata.labels,
      namespaceLabels: client.get(namespaceKind, endpoint.namespace)?.metadata.labels,
      serviceAccount: pod.spec.serviceAccountName ?? 'default',
    })
    const key = keyOf(endpoint.labels)
    endpoint.identity = this.#byLabels.get(key) ?? this.#allocate(endpoint.labels)
  }

  #allocate(labels: Readonly<Record<string, string>>): number {
    const { client, kinds, random } = this.#parts
    const { first, last } = clusterIdentities
    let id = first + random.below(last - first + 1)
    while (client.get(kinds.identity, String(id))) id = id === last ? first : id + 1
    const own = Object.entries(labels).map(([key, value]) => [key.replace(/^k8s:/, ''), value])
    const plain = own.filter(([key]) => !key!.slice(key!.indexOf('/') + 1).includes('/'))
    client.create(kinds.identity, {
      metadata: { name: String(id), labels: Object.fromEntries(plain) },
      'security-labels': { ...labels },
    })
    return id
  }

  /** Shows an endpoint to everyone as an object. */
  #publish(endpoint: LocalEndpoint, pod: Pod | undefined): void {
    const { client, kinds, datapath } = this.#parts
    const { namespace, pod: name } = endpoint
    if (!pod) return
    const status = {
      encryption: {},
      'external-identifiers': {
        'cni-attachment-id': `${endpoint.containerId}:eth0`,
        'container-id': endpoint.containerId,
        'k8s-namespace': namespace,
        'k8s-pod-name': name,
        'pod-name': `${namespace}/${name}`,
      },
      id: endpoint.id,
      identity: { id: endpoint.identity, labels: labelLines(endpoint.labels) },
      ...(endpoint.namedPorts.length > 0 && { 'named-ports': [...endpoint.namedPorts] }),
      networking: {
        addressing: [{ ipv4: formatIpv4(endpoint.address) }],
        node: formatIpv4(datapath.options.nodeAddress),
      },
      state: 'ready',
    }
    const known = client.get(kinds.endpoint, name, namespace)
    const controller = { apiVersion: 'v1', kind: 'Pod', name, uid: endpoint.uid, blockOwnerDeletion: true }
    const labels = { ...pod.metadata.labels }
    if (known && known.metadata.ownerReferences?.[0]?.uid === endpoint.uid) {
      client.update(kinds.endpoint, { ...known, status })
      return
    }
    if (known) client.delete(kinds.endpoint, name, namespace)
    client.create(kinds.endpoint, { metadata: { name, namespace, labels, ownerReferences: [controller] }, status })
  }

  /** Labels have changed: the endpoints may have become others. */
  #relabel(isConcerned: (endpoint: LocalEndpoint) => boolean): void {
    const { client, datapath } = this.#parts
    for (const endpoint of datapath.endpoints.values()) {
      if (!isConcerned(endpoint)) continue
      const before = endpoint.identity
      this.#identify(endpoint)
      if (endpoint.identity === before) continue
      this.#publish(endpoint, client.get(podKind, endpoint.pod, endpoint.namespace))
      this.#markDirty()
    }
  }

  #followIdentity(object: CiliumIdentity, isGone: boolean): void {
    const id = Number(object.metadata.name)
    const labels = object['security-labels']
    const key = keyOf(labels)
    if (isGone) {
      this.#identities.delete(id)
      this.#labels.delete(id)
      if (this.#byLabels.get(key) === id) this.#byLabels.delete(key)
    } else {
      this.#identities.set(id, readIdentity(id, labels))
      this.#labels.set(id, labelLines(labels))
      if (!this.#byLabels.has(key)) this.#byLabels.set(key, id)
    }
    this.#markDirty()
  }

  #followPolicy(policy: NetworkPolicy, isGone: boolean): void {
    const { name, namespace = '' } = policy.metadata
    const own = this.#policies.get(namespace) ?? new Map<string, NetworkPolicy>()
    this.#policies.set(namespace, own)
    if (isGone) own.delete(name)
    else own.set(name, policy)
    this.#markDirty()
  }

  #learnPorts({ metadata, status }: CiliumEndpoint): void {
    const ports = status?.['named-ports']
    if (!status?.identity || !ports?.length) return
    const known = this.#ports.get(status.identity.id) ?? new Map<string, NamedPort[]>()
    this.#ports.set(status.identity.id, known)
    known.set(metadata.uid, ports)
    this.#markDirty()
  }

  #forgetPorts({ metadata, status }: CiliumEndpoint): void {
    if (status?.identity && this.#ports.get(status.identity.id)?.delete(metadata.uid)) this.#markDirty()
  }

  /** Ports by name of the pods whose addresses lie in a range that policies name. */
  #portsInRange(identity: number): NamedPort[] {
    const { ipCache } = this.#parts.datapath
    const found: NamedPort[] = []
    for (const [address, { identity: own, pod }] of ipCache.addresses)
      if (pod !== undefined && this.#ports.has(own) && ipCache.rangeIdentityOf(address) === identity)
        found.push(...[...this.#ports.get(own)!.values()].flat())
    return found
  }

  /** Computes all policies anew, once for all changes of this moment. */
  #markDirty(): void {
    const { clock } = this.#parts.datapath.options
    if (this.#isDirty) return
    this.#isDirty = true
    clock.after(1, () => {
      this.#isDirty = false
      this.#regenerate()
    })
  }

  #regenerate(): void {
    const { datapath } = this.#parts
    const policies = [...this.#policies.values()].flatMap(each => [...each.values()])
    datapath.ipCache.setRanges([...rangesOf(policies), ...rangesOfRules(this.#ciliumPolicies.values())])
    for (const endpoint of datapath.endpoints.values())
      endpoint.policy = policyFor(endpoint.identity, endpoint.namedPorts, this.#source).inherit(endpoint.policy)
  }
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return labelLines(labels).sort().join(';')
}

function namedPortsOf({ spec }: Pod): NamedPort[] {
  return spec.containers.flatMap(({ ports }) =>
    (ports ?? []).flatMap(({ name, containerPort, protocol = 'TCP' }) =>
      name ? [{ name, port: containerPort, protocol }] : [],
    ),
  )
}
