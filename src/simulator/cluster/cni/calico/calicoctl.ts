import type { Process, Program } from '../../../machine/program.ts'
import { parsePrefix } from '../../../network/address.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import { node } from '../../kinds/node.ts'
import { pod } from '../../kinds/pod.ts'
import { boxed, columns } from './calicoctl/tables.ts'
import { endpointOf } from './endpoint.ts'
import { interfaceNameOf } from './identifiers.ts'
import { hostText, Ipam } from './ipam.ts'
import { findCalicoKind, type IpPool } from './resources.ts'
import { calicoVersion, nodeAnnotations } from './settings.ts'

/** Shows Calico's own view of nodes, pools and pods: `calicoctl get`, `calicoctl ipam show`, `calicoctl node status`. */
export function calicoctl(client: Client): Program {
  return {
    name: 'calicoctl',
    summary: "manage Calico's network and policies",
    usage: '[options] <command> [<args>...]',
    async run(process) {
      const words = process.argv.slice(1)
      const answer = answerOf(words, process, client)
      if (answer.error !== undefined) {
        await process.stderr.write(`${answer.error}\n`)
        return 1
      }
      await process.write(answer.output)
      return 0
    },
  }
}

type Answer = { readonly output: string; readonly error?: undefined } | { readonly error: string }

function answerOf(words: readonly string[], process: Process, client: Client): Answer {
  const [command, ...rest] = words.filter(word => word !== '--allow-version-mismatch')
  switch (command) {
    case 'version':
      return {
        output: `Client Version:    ${calicoVersion}\nGit commit:        \nCluster Version:   ${calicoVersion}\nCluster Type:      ${clusterType(client)}\n`,
      }
    case 'get':
      return get(rest, client)
    case 'ipam':
      return rest[0] === 'show' ? showAddresses(rest.slice(1), client) : lacking(`ipam ${rest[0] ?? ''}`.trim())
    case 'node':
      return rest[0] === 'status' ? status(process, client) : lacking(`node ${rest[0] ?? ''}`.trim())
    case undefined:
    case '-h':
    case '--help':
      return { output: usage }
    default:
      return known.has(command)
        ? lacking(command)
        : { error: `Unknown command: ${JSON.stringify(command)}\n${usage.trimEnd()}` }
  }
}

const usage = `Usage:
  calicoctl [options] <command> [<args>...]

    get        Get a resource identified by file, directory, stdin or resource type and name.
    ipam       IP address management.
    node       Calico node management.
    version    Display the version of this binary.
`

/** Commands of the real program that are not here. */
const known = new Set(
  'create replace apply patch delete label convert export import datastore cluster validate'.split(' '),
)

function lacking(what: string): Answer {
  return { error: `calicoctl ${what} is not simulated here` }
}

function clusterType(client: Client): string {
  const kind = findCalicoKind(client, 'ClusterInformation')
  return (kind && client.get(kind, 'default')?.spec.clusterType) ?? 'unknown'
}

interface Listing {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

function get(words: readonly string[], client: Client): Answer {
  const asked = { output: 'ps', namespace: 'default', isEverywhere: false }
  const operands: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const [flag = '', given] = word.split('=')
    if (flag === '-o' || flag === '--output') asked.output = given ?? words[++i] ?? ''
    else if (word.startsWith('-o')) asked.output = word.slice(2)
    else if (flag === '-n' || flag === '--namespace') asked.namespace = given ?? words[++i] ?? ''
    else if (flag === '-a' || flag === '-A' || flag === '--all-namespaces') asked.isEverywhere = true
    else if (word.startsWith('-')) return lacking(`get ${word}`)
    else operands.push(word)
  }
  if (asked.output !== 'ps' && asked.output !== 'wide') return lacking(`get -o ${asked.output}`)
  const [type = '', name] = operands
  const isWide = asked.output === 'wide'
  const wanted = (each: string) => name === undefined || each === name
  let listing: Listing
  switch (type.toLowerCase()) {
    case 'node':
    case 'nodes':
      listing = nodesOf(client, isWide, wanted)
      break
    case 'ippool':
    case 'ippools':
    case 'ipp':
      listing = poolsOf(client, isWide, wanted)
      break
    case 'workloadendpoint':
    case 'workloadendpoints':
    case 'wep':
    case 'weps':
      listing = endpointsOf(client, asked.isEverywhere ? undefined : asked.namespace, wanted)
      break
    default:
      return lacking(`get ${type}`)
  }
  if (name !== undefined && listing.rows.length === 0)
    return { error: `resource does not exist: ${type}(${name}) with error: ${type} "${name}" not found` }
  return { output: columns([listing.head, ...listing.rows]) }
}

/** Objects in the order in which the API server lists them. */
function byName<T extends KubernetesObject>(objects: readonly T[]): T[] {
  const keyOf = ({ metadata }: T) => `${metadata.namespace ?? ''}/${metadata.name}`
  return [...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

type Wanted = (name: string) => boolean

function nodesOf(client: Client, isWide: boolean, wanted: Wanted): Listing {
  const nodes = byName(client.list(node)).filter(({ metadata }) => wanted(metadata.name))
  return isWide
    ? {
        head: ['NAME', 'ASN', 'IPV4', 'IPV6'],
        rows: nodes.map(({ metadata: { name, annotations } }) => [
          name,
          '(64512)',
          annotations?.[nodeAnnotations.address] ?? '',
          '',
        ]),
      }
    : { head: ['NAME'], rows: nodes.map(({ metadata }) => [metadata.name]) }
}

function poolsOf(client: Client, isWide: boolean, wanted: Wanted): Listing {
  const kind = findCalicoKind(client, 'IPPool')
  const pools: readonly IpPool[] = kind ? client.list(kind).filter(({ metadata }) => wanted(metadata.name)) : []
  return isWide
    ? {
        head: ['NAME', 'CIDR', 'NAT', 'IPIPMODE', 'VXLANMODE', 'DISABLED', 'DISABLEBGPEXPORT', 'SELECTOR'],
        rows: pools.map(({ metadata: { name }, spec }) => [
          name,
          spec.cidr,
          String(spec.natOutgoing ?? false),
          spec.ipipMode ?? 'Never',
          spec.vxlanMode ?? 'Never',
          String(spec.disabled ?? false),
          'false',
          spec.nodeSelector ?? 'all()',
        ]),
      }
    : {
        head: ['NAME', 'CIDR', 'SELECTOR'],
        rows: pools.map(({ metadata: { name }, spec }) => [name, spec.cidr, spec.nodeSelector ?? 'all()']),
      }
}

function endpointsOf(client: Client, namespace: string | undefined, wanted: Wanted): Listing {
  const found = byName(client.list(pod, namespace === undefined ? {} : { namespace }))
    .flatMap(each => endpointOf(each) ?? [])
    .filter(({ name }) => wanted(name))
  const rows = found.map(each => [
    each.name,
    each.node,
    hostText(each.address),
    interfaceNameOf(each.namespace, each.name),
  ])
  const head = ['WORKLOAD', 'NODE', 'NETWORKS', 'INTERFACE']
  if (namespace !== undefined) return { head, rows }
  return { head: ['NAMESPACE', ...head], rows: rows.map((row, index) => [found[index]!.namespace, ...row]) }
}

/** How many addresses of each pool, and of each block, are taken. */
function showAddresses(words: readonly string[], client: Client): Answer {
  const unknown = words.find(word => word !== '--show-blocks')
  if (unknown !== undefined) return lacking(`ipam show ${unknown}`)
  const kind = findCalicoKind(client, 'IPAMBlock')
  const blocks = kind ? byName(client.list(kind)) : []
  const rows: string[][] = []
  for (const { spec } of Ipam.open(client)?.pools() ?? []) {
    const range = parsePrefix(spec.cidr)!
    const own = blocks.filter(block => isWithin(range, parsePrefix(block.spec.cidr)!))
    const taken = own.map(block => block.spec.allocations.length - block.spec.unallocated.length)
    const total = 2 ** (32 - range.length)
    rows.push(useRow('IP Pool', spec.cidr, total, sum(taken)))
    if (words.length > 0)
      for (const [index, block] of own.entries())
        rows.push(useRow('Block', block.spec.cidr, block.spec.allocations.length, taken[index]!))
  }
  return { output: boxed(['GROUPING', 'CIDR', 'IPS TOTAL', 'IPS IN USE', 'IPS FREE'], rows, [2]) }
}

function isWithin(range: { readonly address: number; readonly length: number }, block: { readonly address: number }) {
  return block.address >= range.address && block.address < range.address + 2 ** (32 - range.length)
}

function useRow(grouping: string, cidr: string, total: number, used: number): string[] {
  const share = (count: number) => `${count} (${Math.round((100 * count) / total)}%)`
  return [grouping, cidr, String(total), share(used), share(total - used)]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

// Simplified: a peer is up as long as its calico-node is ready; there are no BGP sessions that could fail by themselves.
/** What a node knows of the others; only there, and only for root. */
function status({ machine, user }: Process, client: Client): Answer {
  const own = client.get(node, machine.name)
  if (user.uid !== 0) return { error: 'This command must be run as root.' }
  const daemons = client.list(pod, { namespace: 'kube-system', labels: { 'k8s-app': 'calico-node' } })
  if (!own || !daemons.some(({ spec }) => spec.nodeName === machine.name))
    return { output: 'Calico process is not running.\n' }
  const kind = findCalicoKind(client, 'IPPool')
  const isVxlan = kind && client.list(kind).every(({ spec }) => spec.vxlanMode === 'Always')
  if (isVxlan) return { output: 'Calico process is running.\n\nThe BGP backend process (BIRD) is not running.\n' }
  const rows = byName(client.list(node))
    .filter(({ metadata }) => metadata.name !== machine.name && metadata.annotations?.[nodeAnnotations.address])
    .map(({ metadata }) => {
      const daemon = daemons.find(({ spec }) => spec.nodeName === metadata.name)
      const ready = daemon?.status.conditions?.find(({ type }) => type === 'Ready')
      const isUp = ready?.status === 'True'
      return [
        metadata.annotations![nodeAnnotations.address]!.replace(/\/.*/, ''),
        'node-to-node mesh',
        isUp ? 'up' : 'start',
        (ready?.lastTransitionTime ?? '').slice(11, 19),
        isUp ? 'Established' : 'Connect',
      ]
    })
  const table = boxed(['PEER ADDRESS', 'PEER TYPE', 'STATE', 'SINCE', 'INFO'], rows, [])
  return {
    output: `Calico process is running.\n\nIPv4 BGP status\n${table}\nIPv6 BGP status\nNo IPv6 peers found.\n\n`,
  }
}
