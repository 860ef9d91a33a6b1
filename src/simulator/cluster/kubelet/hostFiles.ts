import type { Pod } from '../kinds/pod.ts'

const clusterDomain = 'cluster.local'
const clusterDns = '10.96.0.10'

/** /etc/hosts of a pod's containers. */
export function hostsFile(pod: Pod, podIP: string | undefined, hostname: string, nodeHosts: string): string {
  const aliases = aliasLines(pod)
  if (pod.spec.hostNetwork) return `# Kubernetes-managed hosts file (host network).\n${nodeHosts}${aliases}`
  const domain = domainOf(pod, hostname)
  const names = domain === undefined ? [hostname] : [`${hostname}.${domain}`, hostname]
  const lines = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    ...(podIP === undefined ? [] : [`${podIP}\t${names.join('\t')}`]),
  ]
  return `${lines.join('\n')}\n${aliases}`
}

/** /etc/resolv.conf of a pod's containers, from its `dnsPolicy`, its `dnsConfig` and the node's own file. */
export function resolverFile(pod: Pod, nodeFile: string): string {
  const { dnsPolicy = 'ClusterFirst', dnsConfig, hostNetwork } = pod.spec
  const usesCluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork)
  const node = readResolver(nodeFile)
  const clusterSearch = [`${pod.metadata.namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain]
  const base =
    dnsPolicy === 'None'
      ? { nameservers: [], searches: [], options: [] }
      : usesCluster
        ? { nameservers: [clusterDns], searches: [...clusterSearch, ...node.searches], options: ['ndots:5'] }
        : node
  const nameservers = unique([...base.nameservers, ...(dnsConfig?.nameservers ?? [])])
  const searches = unique([...base.searches, ...(dnsConfig?.searches ?? [])])
  const given = (dnsConfig?.options ?? []).map(({ name, value }) => (value === undefined ? name! : `${name}:${value}`))
  const replaced = new Set(given.map(option => option.split(':')[0]))
  const options = [...base.options.filter(option => !replaced.has(option.split(':')[0])), ...given]
  return [
    ...(searches.length > 0 ? [`search ${searches.join(' ')}\n`] : []),
    ...nameservers.map(address => `nameserver ${address}\n`),
    ...(options.length > 0 ? [`options ${options.join(' ')}\n`] : []),
  ].join('')
}

/** The host name that a pod's containers see. */
export function hostnameOf(pod: Pod, nodeName: string): string {
  if (pod.spec.hostNetwork) return nodeName
  const name = pod.spec.hostname ?? pod.metadata.name
  const domain = pod.spec.setHostnameAsFQDN ? domainOf(pod, name) : undefined
  return domain === undefined ? name.slice(0, 63).replace(/[-.]+$/, '') : `${name}.${domain}`
}

/** `subdomain.namespace.svc.cluster.local` of a pod that has a subdomain. */
function domainOf(pod: Pod, hostname: string): string | undefined {
  if (!pod.spec.subdomain || hostname.includes('.')) return undefined
  return `${pod.spec.subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}`
}

function aliasLines(pod: Pod): string {
  const aliases = pod.spec.hostAliases ?? []
  if (aliases.length === 0) return ''
  return `\n# Entries added by HostAliases.\n${aliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`).join('')}`
}

function readResolver(text: string): { nameservers: string[]; searches: string[]; options: string[] } {
  const lines = text.split('\n').map(line => line.trim().split(/\s+/))
  const values = (key: string) => lines.filter(([first]) => first === key).flatMap(([, ...rest]) => rest)
  return { nameservers: values('nameserver'), searches: values('search'), options: values('options') }
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)]
}
