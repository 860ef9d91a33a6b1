import type { LabelSelector } from 'kubernetes-types/meta/v1'
import type { KubernetesObject } from '../cluster/api/object.ts'
import type { Client } from '../cluster/client.ts'
import { workstationName } from '../cluster/definition.ts'
import { daemonSet } from '../cluster/kinds/daemonSet.ts'
import { deployment } from '../cluster/kinds/deployment.ts'
import type { Kind } from '../cluster/kinds/kind.ts'
import { node } from '../cluster/kinds/node.ts'
import { type Pod, pod } from '../cluster/kinds/pod.ts'
import { replicaSet } from '../cluster/kinds/replicaSet.ts'
import { type Service, service } from '../cluster/kinds/service.ts'
import { statefulSet } from '../cluster/kinds/statefulSet.ts'
import { parseIpv4 } from '../network/address.ts'
import type { PacketPlace } from '../packetPath.ts'
import { Refusal } from './refusal.ts'

/** What a word of the command line names. */
export type Target =
  | { readonly kind: 'workstation' }
  | { readonly kind: 'node'; readonly name: string; readonly address: string }
  | { readonly kind: 'pod'; readonly pod: Pod }
  | { readonly kind: 'service'; readonly service: Service }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'name'; readonly name: string }

/** A target with the port that was asked for. */
export interface PortTarget {
  readonly target: Target
  readonly port: string | undefined
}

/** What has pods. */
type Workload = KubernetesObject & { readonly spec: { readonly selector: LabelSelector } }

const workloads = { deploy: deployment, rs: replicaSet, sts: statefulSet, ds: daemonSet } as const

/** Every spelling of a kind that may stand before a slash. */
const kinds: Readonly<Record<string, 'pod' | 'service' | 'node' | keyof typeof workloads>> = {
  pod: 'pod',
  pods: 'pod',
  po: 'pod',
  svc: 'service',
  service: 'service',
  services: 'service',
  node: 'node',
  nodes: 'node',
  no: 'node',
  deploy: 'deploy',
  deployment: 'deploy',
  deployments: 'deploy',
  rs: 'rs',
  replicaset: 'rs',
  replicasets: 'rs',
  sts: 'sts',
  statefulset: 'sts',
  statefulsets: 'sts',
  ds: 'ds',
  daemonset: 'ds',
  daemonsets: 'ds',
}

/** Reads the word that says who sends; throws `Refusal`. */
export function readSender(client: Client, namespace: string, word: string): Target {
  const target = readTarget(client, namespace, word)
  if (target.kind === 'service') throw new Refusal({ kind: 'serviceSendsNothing', word })
  if (target.kind === 'address') {
    const owner = ownerOf(client, target.address)
    if (owner) return owner
  }
  if (target.kind === 'address' || target.kind === 'name')
    throw new Refusal({ kind: 'notFound', what: 'pod', name: word, namespace })
  return target
}

/** Reads the word that says who is asked, with the port behind a colon; throws `Refusal`. */
export function readReceiver(client: Client, namespace: string, word: string): PortTarget {
  const [, name = '', port] = /^([^:]*)(?::(.*))?$/.exec(word) ?? []
  if (name === '') throw new Refusal({ kind: 'toMissing' })
  if (port !== undefined && !isPort(port)) throw new Refusal({ kind: 'badPort', word: port })
  return { target: readTarget(client, namespace, name), port }
}

/** The pod, node or machine that has an address. */
export function ownerOf(client: Client, address: string): Target | undefined {
  const owner = client.list(pod).find(({ spec, status }) => !spec.hostNetwork && status.podIP === address)
  if (owner) return { kind: 'pod', pod: owner }
  const machine = client.list(node).find(one => addressOfNode(one.status.addresses) === address)
  return machine && { kind: 'node', name: machine.metadata.name, address }
}

/** Whether a word is a number or a name that a port may have. */
function isPort(word: string): boolean {
  if (/^\d+$/.test(word)) return Number(word) >= 1 && Number(word) <= 65535
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(word)
}

function readTarget(client: Client, namespace: string, word: string): Target {
  if (word === workstationName) return { kind: 'workstation' }
  const parts = word.split('/')
  if (parts.length > 1) return readNamed(client, namespace, word, parts)
  if (parseIpv4(word) !== undefined) return { kind: 'address', address: word }
  const found = client.get(pod, word, namespace)
  return found ? { kind: 'pod', pod: found } : { kind: 'name', name: word }
}

function readNamed(client: Client, namespace: string, word: string, parts: readonly string[]): Target {
  const kind = kinds[parts[0]!]
  // `shop/web`, as headings write a pod.
  const written = !kind && parts.length === 2 && client.get(pod, parts[1]!, parts[0]!)
  if (written) return { kind: 'pod', pod: written }
  if (!kind || parts.length > 3 || (kind === 'node' && parts.length > 2))
    throw new Refusal({ kind: 'unknownKind', word })
  const name = parts.at(-1)!
  const home = parts.length === 3 ? parts[1]! : namespace
  const missing = (what: string) => new Refusal({ kind: 'notFound', what, name, namespace: home })
  if (kind === 'node') {
    if (name === workstationName) return { kind: 'workstation' }
    const found = client.get(node, name)
    if (!found) throw new Refusal({ kind: 'notFound', what: 'node', name, namespace: undefined })
    return { kind: 'node', name, address: addressOfNode(found.status.addresses) }
  }
  if (kind === 'pod') {
    const found = client.get(pod, name, home)
    if (!found) throw missing('pod')
    return { kind: 'pod', pod: found }
  }
  if (kind === 'service') {
    const found = client.get(service, name, home)
    if (!found) throw missing('service')
    return { kind: 'service', service: found }
  }
  const owner = client.get(workloads[kind] as Kind<Workload>, name, home)
  if (!owner) throw missing(workloads[kind].singular)
  return { kind: 'pod', pod: firstRunning(client, home, owner.spec.selector, `${kind}/${name}`) }
}

function firstRunning(client: Client, namespace: string, selector: LabelSelector, target: string): Pod {
  const running = client
    .list(pod, { namespace, selector })
    .filter(({ metadata, status }) => status.phase === 'Running' && !metadata.deletionTimestamp)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  if (!running[0]) throw new Refusal({ kind: 'noPods', target })
  return running[0]
}

function addressOfNode(addresses: readonly { readonly type: string; readonly address: string }[] | undefined): string {
  return addresses?.find(({ type }) => type === 'InternalIP')?.address ?? ''
}

/** Where a sender is in the picture of the network. */
export function placeOfTarget(target: Target): PacketPlace | undefined {
  if (target.kind === 'workstation') return { kind: 'workstation', name: workstationName }
  if (target.kind === 'node') return { kind: 'node', name: target.name }
  if (target.kind !== 'pod') return undefined
  const { metadata, spec } = target.pod
  if (spec.hostNetwork && spec.nodeName) return { kind: 'node', name: spec.nodeName }
  return { kind: 'pod', name: `${metadata.namespace}/${metadata.name}` }
}
