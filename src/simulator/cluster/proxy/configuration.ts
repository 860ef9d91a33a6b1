import { load } from 'js-yaml'
import { type Scheduler, schedulers } from '../../network/ipvs/virtualService.ts'

/** What an administrator says about the proxies of a cluster, in the ConfigMap `kube-proxy`. */
export interface ProxyConfiguration {
  readonly mode: 'iptables' | 'nftables' | 'ipvs'
  /** The range of pod addresses; without it nobody can be told to be local. */
  readonly clusterCidr: string | undefined
  /** Whether every caller of a Service address is masqueraded, pods included. */
  readonly masqueradesAll: boolean
  /** Whether node ports listen on 127.0.0.1, which the mode nftables never does. */
  readonly localhostNodePorts: boolean
  /** Ranges, or `primary`: the node's own address. All of its addresses when empty. */
  readonly nodePortAddresses: readonly string[]
  readonly ipvs: IpvsConfiguration
}

/** What an administrator says about the mode ipvs. */
export interface IpvsConfiguration {
  readonly scheduler: Scheduler
  /** Whether the node answers ARP requests only for addresses of the interface that hears them. */
  readonly strictArp: boolean
}

interface File {
  readonly mode?: string | null
  readonly clusterCIDR?: string | null
  readonly nodePortAddresses?: readonly string[] | null
  readonly iptables?: { readonly masqueradeAll?: boolean; readonly localhostNodePorts?: boolean | null } | null
  readonly nftables?: { readonly masqueradeAll?: boolean } | null
  readonly ipvs?: { readonly scheduler?: string | null; readonly strictARP?: boolean } | null
}

/** A configuration that kube-proxy does not start with. */
export class ConfigurationError extends Error {}

/** Reads the file that `kube-proxy --config` names. An empty mode means iptables. */
export function readConfiguration(text: string): ProxyConfiguration {
  const file = parse(text)
  const mode = file.mode || 'iptables'
  if (mode !== 'iptables' && mode !== 'nftables' && mode !== 'ipvs')
    throw new ConfigurationError(
      `KubeProxyConfiguration.Mode: Invalid value: "${mode}": must be iptables, ipvs, nftables or blank (blank means the best-available proxy [currently iptables])`,
    )
  const own = mode === 'nftables' ? file.nftables : file.iptables
  return {
    mode,
    clusterCidr: file.clusterCIDR || undefined,
    masqueradesAll: own?.masqueradeAll ?? false,
    localhostNodePorts: file.iptables?.localhostNodePorts ?? true,
    nodePortAddresses: file.nodePortAddresses ?? [],
    ipvs: { scheduler: readScheduler(file), strictArp: file.ipvs?.strictARP ?? false },
  }
}

function readScheduler({ mode, ipvs }: File): Scheduler {
  const name = ipvs?.scheduler || 'rr'
  const found = schedulers.find(each => each === name)
  if (found || mode !== 'ipvs') return found ?? 'rr'
  throw new ConfigurationError(`scheduler ${name} is not simulated here (there are: ${schedulers.join(', ')})`)
}

function parse(text: string): File {
  try {
    return (load(text) ?? {}) as File
  } catch (error) {
    throw new ConfigurationError(`failed to decode: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
  }
}
