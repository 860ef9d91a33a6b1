import { load } from 'js-yaml'

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
}

interface File {
  readonly mode?: string | null
  readonly clusterCIDR?: string | null
  readonly nodePortAddresses?: readonly string[] | null
  readonly iptables?: { readonly masqueradeAll?: boolean; readonly localhostNodePorts?: boolean | null } | null
  readonly nftables?: { readonly masqueradeAll?: boolean } | null
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
  }
}

function parse(text: string): File {
  try {
    return (load(text) ?? {}) as File
  } catch (error) {
    throw new ConfigurationError(`failed to decode: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
  }
}
