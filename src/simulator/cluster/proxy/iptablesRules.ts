import { chainSuffix } from './chainNames.ts'
import type { Reachable } from './reachable.ts'
import { usesCluster, usesLocal } from './reachable.ts'
import { type Endpoint, isExternallyAccessible, type ServicePort } from './servicePort.ts'

/** How a proxy is set up. */
export interface ProxySettings {
  /** The range of pod addresses; without it nobody can be told to be local. */
  readonly clusterCidr: string | undefined
  readonly nodeAddress: string
  /** Whether node ports listen on 127.0.0.1. */
  readonly localhostNodePorts: boolean
  /** The node's own addresses on which node ports listen; all when absent. */
  readonly nodePortAddresses?: readonly string[]
  /** Whether every caller of a Service address is masqueraded, pods included. */
  readonly masqueradesAll?: boolean
}

/** The rules of one port of a Service, sorted by where they go. */
export interface PortRules {
  /** In the shared chains of the filter table. */
  readonly filter: readonly string[]
  /** In the shared chains of the nat table. */
  readonly nat: readonly string[]
  /** Chains of its own in the nat table. */
  readonly chains: ReadonlyMap<string, readonly string[]>
}

const markChain = 'KUBE-MARK-MASQ'

/** What of a port's endpoints decides over its chains. */
function factsOf(port: ServicePort, reachable: Reachable) {
  const { suffix } = port
  const clusterChain = `KUBE-SVC-${suffix}`
  const localChain = `KUBE-SVL-${suffix}`
  const hasCluster = usesCluster(port) && reachable.cluster.length > 0
  const hasLocal = usesLocal(port) && reachable.local.length > 0
  return {
    clusterChain,
    localChain,
    externalChain: `KUBE-EXT-${suffix}`,
    firewallChain: `KUBE-FW-${suffix}`,
    internalChain: port.isInternalLocal ? localChain : clusterChain,
    hasCluster,
    hasLocal,
    hasInternal: port.isInternalLocal ? hasLocal : hasCluster,
    hasExternal: port.isExternalLocal ? hasLocal : hasCluster,
    hasFirewall: reachable.hasAny && port.loadBalancerIps.length > 0 && port.sourceRanges.length > 0,
  }
}

/** Writes the rules for one port of a Service. Source: syncProxyRules in kubernetes/pkg/proxy/iptables/proxier.go. */
export function rulesFor(port: ServicePort, reachable: Reachable, settings: ProxySettings): PortRules {
  return { ...sharedRulesFor(port, reachable, settings), chains: ownChainsFor(port, reachable, settings) }
}

/** The names of the chains that a port of a Service has for itself, without their rules. */
export function chainNamesFor(port: ServicePort, reachable: Reachable): string[] {
  if (!reachable.hasAny) return []
  const facts = factsOf(port, reachable)
  return [
    ...(isExternallyAccessible(port) ? [facts.externalChain] : []),
    ...(facts.hasFirewall ? [facts.firewallChain] : []),
    ...(facts.hasCluster ? [facts.clusterChain] : []),
    ...(facts.hasLocal ? [facts.localChain] : []),
    ...reachable.all.map(endpoint => endpointChain(port, endpoint)),
  ]
}

/** The rules of a port of a Service in chains that all share. */
export function sharedRulesFor(
  port: ServicePort,
  reachable: Reachable,
  settings: ProxySettings,
): Pick<PortRules, 'filter' | 'nat'> {
  const { name, protocol } = port
  const filter: string[] = []
  const nat: string[] = []
  const { externalChain, firewallChain, internalChain, hasInternal, hasExternal, hasFirewall } = factsOf(
    port,
    reachable,
  )
  const refusal = reachable.hasAny
    ? { comment: `"${name} has no local endpoints"`, target: 'DROP' }
    : { comment: `"${name} has no endpoints"`, target: 'REJECT' }

  const to = (address: string) => destinationOf(port, address)
  const accept = (address: string, what: string, chain: string) =>
    nat.push(`-A KUBE-SERVICES -m comment --comment "${name} ${what}" ${to(address)} -j ${chain}`)
  const refuse = (chain: string, rest: string) =>
    filter.push(`-A ${chain} -m comment --comment ${refusal.comment} ${rest} -j ${refusal.target}`)

  if (hasInternal) accept(port.clusterIp, 'cluster IP', internalChain)
  else refuse('KUBE-SERVICES', to(port.clusterIp))

  for (const address of port.externalIps) {
    if (reachable.hasAny) accept(address, 'external IP', externalChain)
    if (!hasExternal) refuse('KUBE-EXTERNAL-SERVICES', to(address))
  }

  for (const address of port.loadBalancerIps) {
    if (reachable.hasAny) accept(address, 'loadbalancer IP', hasFirewall ? firewallChain : externalChain)
    if (hasFirewall)
      filter.push(
        `-A KUBE-PROXY-FIREWALL -m comment --comment "${name} traffic not accepted by ${firewallChain}" ${to(address)} -j DROP`,
      )
    if (!hasExternal) refuse('KUBE-EXTERNAL-SERVICES', to(address))
  }

  if (port.nodePort) {
    const words = `-m ${protocol} -p ${protocol}`
    const toPort = `--dport ${port.nodePort}`
    if (reachable.hasAny) {
      const start = `-A KUBE-NODEPORTS -m comment --comment "${name}" ${words}`
      if (settings.localhostNodePorts)
        nat.push(
          `${start} -d 127.0.0.0/8 ${toPort} -m nfacct --nfacct-name localhost_nps_accepted_pkts -j ${externalChain}`,
        )
      nat.push(`${start} ${toPort} -j ${externalChain}`)
    }
    if (!hasExternal) refuse('KUBE-EXTERNAL-SERVICES', `-m addrtype --dst-type LOCAL ${words} ${toPort}`)
  }

  if (port.healthCheckPort)
    filter.push(
      `-A KUBE-NODEPORTS -m comment --comment "${name} health check node port" -m tcp -p tcp --dport ${port.healthCheckPort} -j ACCEPT`,
    )
  return { filter, nat }
}

/** The chains that a port of a Service has for itself. */
export function ownChainsFor(
  port: ServicePort,
  reachable: Reachable,
  settings: ProxySettings,
): Map<string, readonly string[]> {
  const chains = new Map<string, string[]>()
  if (!reachable.hasAny) return chains
  const { name } = port
  const facts = factsOf(port, reachable)
  const { clusterChain, localChain, externalChain, firewallChain, internalChain } = facts
  const { hasCluster, hasLocal, hasInternal, hasExternal, hasFirewall } = facts
  const masqueraded = settings.masqueradesAll ? '' : settings.clusterCidr && ` ! -s ${settings.clusterCidr}`
  if (hasInternal && masqueraded !== undefined)
    append(
      chains,
      internalChain,
      `-m comment --comment "${name} cluster IP" ${destinationOf(port, port.clusterIp)}${masqueraded} -j ${markChain}`,
    )
  if (isExternallyAccessible(port)) {
    chains.set(externalChain, [])
    for (const rule of externalRules(port, clusterChain, settings)) append(chains, externalChain, rule)
    if (hasExternal) append(chains, externalChain, `-j ${port.isExternalLocal ? localChain : clusterChain}`)
  }
  if (hasFirewall) for (const rule of firewallRules(port, externalChain, settings)) append(chains, firewallChain, rule)
  if (hasCluster) for (const rule of choiceRules(port, reachable.cluster)) append(chains, clusterChain, rule)
  if (hasLocal) for (const rule of choiceRules(port, reachable.local)) append(chains, localChain, rule)
  for (const endpoint of reachable.all) chains.set(endpointChain(port, endpoint), endpointRules(port, endpoint))
  return chains
}

function destinationOf({ protocol, port }: ServicePort, address: string): string {
  return `-m ${protocol} -p ${protocol} -d ${address} --dport ${port}`
}

function append(chains: Map<string, string[]>, chain: string, rule: string): void {
  const rules = chains.get(chain) ?? []
  chains.set(chain, rules)
  rules.push(`-A ${chain} ${rule}`)
}

/** Who comes from outside is masqueraded unless all endpoints are here: the answer must come back this way. */
function externalRules(
  { name, isExternalLocal }: ServicePort,
  clusterChain: string,
  settings: ProxySettings,
): string[] {
  if (!isExternalLocal)
    return [`-m comment --comment "masquerade traffic for ${name} external destinations" -j ${markChain}`]
  const comment = (what: string) => `-m comment --comment "${what} for ${name} external destinations"`
  return [
    ...(settings.clusterCidr ? [`${comment('pod traffic')} -s ${settings.clusterCidr} -j ${clusterChain}`] : []),
    `${comment('masquerade LOCAL traffic')} -m addrtype --src-type LOCAL -j ${markChain}`,
    `${comment('route LOCAL traffic')} -m addrtype --src-type LOCAL -j ${clusterChain}`,
  ]
}

/** `loadBalancerSourceRanges`; a node within them may also come with the balancer's address as its own. */
function firewallRules(port: ServicePort, externalChain: string, { nodeAddress }: ProxySettings): string[] {
  const { name, sourceRanges, loadBalancerIps } = port
  const isNodeAllowed = sourceRanges.some(range => isWithin(nodeAddress, range))
  const sources = [...sourceRanges, ...(isNodeAllowed ? loadBalancerIps : [])]
  return [
    ...sources.map(source => `-m comment --comment "${name} loadbalancer IP" -s ${source} -j ${externalChain}`),
    `-m comment --comment "other traffic to ${name} will be dropped by KUBE-PROXY-FIREWALL"`,
  ]
}

/** Each endpoint with the same chance: one in n, then one in n − 1 of the rest, and so on. */
function choiceRules(port: ServicePort, endpoints: readonly Endpoint[]): string[] {
  const rules: string[] = []
  const comment = ({ text }: Endpoint) => `-m comment --comment "${port.name} -> ${text}"`
  if (port.affinitySeconds !== undefined)
    for (const endpoint of endpoints) {
      const chain = endpointChain(port, endpoint)
      rules.push(
        `${comment(endpoint)} -m recent --name ${chain} --rcheck --seconds ${port.affinitySeconds} --reap -j ${chain}`,
      )
    }
  for (const [i, endpoint] of endpoints.entries()) {
    const left = endpoints.length - i
    const chance = left > 1 ? ` -m statistic --mode random --probability ${(1 / left).toFixed(10)}` : ''
    rules.push(`${comment(endpoint)}${chance} -j ${endpointChain(port, endpoint)}`)
  }
  return rules
}

/** A pod that reaches itself through its Service must see an answer from someone else: it is masqueraded. */
function endpointRules(port: ServicePort, endpoint: Endpoint): string[] {
  const chain = endpointChain(port, endpoint)
  const start = `-A ${chain} -m comment --comment "${port.name}"`
  const remember = port.affinitySeconds === undefined ? '' : ` -m recent --name ${chain} --set`
  return [
    `${start} -s ${endpoint.address} -j ${markChain}`,
    `${start}${remember} -m ${port.protocol} -p ${port.protocol} -j DNAT --to-destination ${endpoint.text}`,
  ]
}

/** Digests take their time, and an endpoint nearly always belongs to one port alone. */
const endpointChains = new WeakMap<Endpoint, { readonly port: string; readonly chain: string }>()

function endpointChain({ name, protocol }: ServicePort, endpoint: Endpoint): string {
  const port = `${name} ${protocol}`
  const known = endpointChains.get(endpoint)
  if (known?.port === port) return known.chain
  const chain = `KUBE-SEP-${chainSuffix(name, protocol, endpoint.text)}`
  endpointChains.set(endpoint, { port, chain })
  return chain
}

function isWithin(address: string, range: string): boolean {
  const [network = '', length = '32'] = range.split('/')
  const mask = length === '0' ? 0 : (-1 << (32 - Number(length))) >>> 0
  return (toNumber(address) & mask) >>> 0 === (toNumber(network) & mask) >>> 0
}

function toNumber(address: string): number {
  return address.split('.').reduce((number, part) => (number * 256 + Number(part)) >>> 0, 0)
}
