import { Clock } from '../../../simulator/clock.ts'
import type { KubernetesObject } from '../../../simulator/cluster/api/object.ts'
import { endpointSlice } from '../../../simulator/cluster/kinds/endpointSlice.ts'
import type { Kind } from '../../../simulator/cluster/kinds/kind.ts'
import { node } from '../../../simulator/cluster/kinds/node.ts'
import { service } from '../../../simulator/cluster/kinds/service.ts'
import { startProxy } from '../../../simulator/cluster/proxy/proxy.ts'
import { parsePrefix } from '../../../simulator/network/address.ts'
import type { NetworkNamespace } from '../../../simulator/network/namespace.ts'
import { saveTable } from '../../../simulator/network/netfilter/format.ts'
import { Network } from '../../../simulator/network/network.ts'
import { Random } from '../../../simulator/random.ts'
import { type Area, compare, difference } from '../area.ts'
import { FixtureClient } from './fixtureClient.ts'
import { type Flow, walk } from './ruleWalk.ts'
import { terminatingSetUps } from './terminatingEndpoints.ts'

const folder = 'services/kube-proxy-iptables'
const file = `${folder}/cases.json`
const nodeName = 'test-hostname'
const nodeAddress = '192.168.0.2'

interface SetUp {
  readonly name: string
  readonly services: readonly KubernetesObject[]
  readonly endpointSlices: readonly KubernetesObject[]
  readonly config?: {
    readonly nodePortAddresses?: readonly string[]
    readonly localhostNodePorts?: boolean
    readonly localDetector?: string
    readonly clusterCIDR?: string | null
  }
  readonly expectedIptablesRestore?: string
  readonly flows?: readonly (Flow & {
    readonly name: string
    readonly output: readonly string[]
    readonly masq?: boolean
  })[]
}

/** Packets to Services on a node whose rules kube-proxy wrote: where each may go, and whether it is masqueraded. */
export const proxyFlows: Area = {
  name: 'services/kube-proxy-flows',
  needs: [file],
  *cases(corpora) {
    for (const setUp of corpora.json<{ cases: SetUp[] }>(file).cases)
      for (const flow of setUp.flows ?? [])
        yield {
          name: `${setUp.name}: ${flow.name}`,
          run() {
            const { outputs, isMasqueraded } = walk(rulesOf(setUp), flow, nodeAddress)
            const actual = { output: [...outputs].sort(), masq: isMasqueraded }
            return compare({ output: [...flow.output].sort(), masq: flow.masq ?? actual.masq }, actual)
          },
        }
  },
}

/** The whole rules of such nodes, chain by chain. */
export const proxyRules: Area = {
  name: 'services/kube-proxy-rules',
  needs: [file],
  *cases(corpora) {
    for (const setUp of corpora.json<{ cases: SetUp[] }>(file).cases) {
      const { expectedIptablesRestore: expected } = setUp
      if (expected === undefined) continue
      const text = expected.includes('*filter') ? expected : corpora.text(`${folder}/${expected}`)
      yield { name: setUp.name, run: () => compareRules(text, rulesOf(setUp)) }
    }
    // Some dumps stand there without what they suppose.
    const asked = new Set(corpora.json<{ cases: SetUp[] }>(file).cases.map(({ name }) => name))
    for (const setUp of terminatingSetUps) {
      const path = `${folder}/dumps/${setUp.dump}`
      if (asked.has(setUp.name) || !corpora.has(path)) continue
      yield { name: setUp.name, run: () => compareRules(corpora.text(path), rulesOf(setUp)) }
    }
  },
}

function compareRules(expected: string, actual: readonly string[]): string | undefined {
  // Read by the same netfilter, both sides are written alike.
  const other = namespaceFor()
  other.netfilter.restore(expected, { noFlush: false, counters: true })
  const wanted = chainLines(savedRules(other))
  const got = chainLines(actual)
  for (const [chain, rules] of wanted) {
    const [left, right] = [rules.join('\n'), (got.get(chain) ?? []).join('\n')]
    if (left !== right) return difference(left, right)
  }
  const more = [...got.keys()].filter(chain => chain.includes('KUBE-') && !wanted.has(chain))
  return more.length > 0 ? difference('', more.map(chain => got.get(chain)!.join('\n')).join('\n')) : undefined
}

/** Rules by table and chain. Options that depend on what the node's kernel can do are left out. */
function chainLines(rules: readonly string[]): Map<string, string[]> {
  const chains = new Map<string, string[]>()
  for (const rule of rules) {
    const [table = '', , chain = ''] = rule.split(' ')
    const plain = rule.replace(/ -m nfacct --nfacct-name\s+\S+/, '').replace(' --random-fully', '')
    // Newer proxies count who comes over localhost in a rule of its own.
    if (rule.includes('localhost_nps_accepted_pkts')) continue
    const key = `${table} ${chain}`
    chains.set(key, [...(chains.get(key) ?? []), plain])
  }
  return chains
}

/** `filter -A KUBE-SERVICES …` for every rule that kube-proxy writes on the test's node. */
function rulesOf({ services, endpointSlices, config = {} }: SetUp): string[] {
  const network = namespaceFor()
  const clock = new Clock()
  const withoutRange = config.clusterCIDR === null || config.localDetector !== undefined
  const client = new FixtureClient(
    new Map<Kind, readonly KubernetesObject[]>([
      [service as unknown as Kind, services.map(each => ({ status: {}, ...each }))],
      [endpointSlice as unknown as Kind, endpointSlices],
      [node as unknown as Kind, []],
    ]),
  )
  startProxy({
    client,
    clock,
    network,
    nodeName,
    nodeAddress,
    configuration: {
      mode: 'iptables',
      clusterCidr: config.clusterCIDR ?? (withoutRange ? undefined : '10.0.0.0/8'),
      masqueradesAll: false,
      localhostNodePorts: config.localhostNodePorts ?? true,
      nodePortAddresses: config.nodePortAddresses ?? [],
      ipvs: { scheduler: 'rr', strictArp: false },
    },
  })
  clock.advance(5000)
  return savedRules(network)
}

function namespaceFor(): NetworkNamespace {
  const network = new Network(new Clock(), new Random(1)).createNamespace(nodeName, { machine: nodeName })
  network.addLoopback()
  network.addDummy('eth0').addAddress(parsePrefix(`${nodeAddress}/24`)!, {})
  return network
}

function savedRules(network: NetworkNamespace): string[] {
  return (['filter', 'nat'] as const).flatMap(name =>
    saveTable(network.netfilter.table(name))
      .split('\n')
      .filter(line => line.startsWith('-A '))
      .map(line => `${name} ${line}`),
  )
}
