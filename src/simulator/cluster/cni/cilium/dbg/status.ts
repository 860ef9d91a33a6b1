import { broadcastOf, formatIpv4, formatPrefix } from '../../../../network/address.ts'
import { version } from '../images.ts'
import type { DbgCommand, DbgRequest } from './command.ts'

/** How the agent is: what it runs with, and whether all is well. */
// Simplified: controllers, modules and the health of the cluster are not measured; their lines say that all is well.
export const status: DbgCommand = {
  words: ['status'],
  summary: 'Display status of daemon',
  flags: ['--brief', '--verbose', '--all-addresses', '--all-nodes', '--all-health', '--all-controllers'],
  async run(request) {
    const { process, options } = request
    if (options.has('--brief')) {
      await process.write('OK\n')
      return 0
    }
    const isVerbose = options.has('--verbose')
    await process.write(statusText(request, isVerbose))
    return 0
  },
}

function statusText({ datapath }: DbgRequest, isVerbose: boolean): string {
  const { options, allocated, flows, endpoints } = datapath
  const device = `${options.outside}   ${formatIpv4(options.nodeAddress)} (Direct Routing)`
  const size = broadcastOf(options.range) - options.range.address - 1
  const full = Math.min(flows.seen, 4095)
  const seconds = options.clock.now / 1000
  const lines: [string, string][] = [
    ['KVStore', 'Disabled   '],
    ['Kubernetes', 'Ok         1.36 (v1.36.3) [linux/amd64]'],
    [
      'Kubernetes APIs',
      '["EndpointSliceOrEndpoint", "cilium/v2::CiliumEndpoint", "cilium/v2::CiliumNode", "core/v1::Pods", "networking.k8s.io/v1::NetworkPolicy"]',
    ],
    ['KubeProxyReplacement', `True   [${device}]`],
    ['Host firewall', 'Disabled'],
    ['SRv6', 'Disabled'],
    ['CNI Chaining', 'none'],
    ['CNI Config file', 'successfully wrote CNI configuration file to /host/etc/cni/net.d/05-cilium.conflist'],
    ['Cilium', `Ok   ${version.slice(1)} (${version})`],
    ['NodeMonitor', 'Listening for events on 2 CPUs with 64x4096 of shared memory'],
    ['Cilium health daemon', 'Disabled   '],
    ['IPAM', `IPv4: ${allocated.size}/${size} allocated from ${formatPrefix(options.range)}, `],
  ]
  const text = (list: readonly (readonly [string, string])[]) =>
    list.map(([name, value]) => `${`${name}:`.padEnd(25)}${value}\n`).join('')
  const addresses = [...allocated]
    .sort(([a], [b]) => a - b)
    .map(([address, owner]) => `  ${formatIpv4(address)} (${owner})\n`)
    .join('')
  const rest: [string, string][] = [
    ['IPv4 BIG TCP', 'Disabled'],
    ['IPv6 BIG TCP', 'Disabled'],
    ['BandwidthManager', 'Disabled'],
    ['Routing', `Network: ${options.isTunnelling ? 'Tunnel [vxlan]' : 'Native'}   Host: Legacy`],
    ['Attach Mode', 'TCX'],
    ['Device Mode', 'veth'],
    ['Masquerading', 'IPTables [IPv4: Enabled, IPv6: Disabled]'],
    ['Controller Status', `${endpoints.size * 5 + 20}/${endpoints.size * 5 + 20} healthy`],
    ['Proxy Status', 'No managed proxy redirect'],
    ['Global Identity Range', 'min 256, max 65535'],
    [
      'Hubble',
      `Ok              Current/Max Flows: ${full}/4095 (${((full / 4095) * 100).toFixed(2)}%), Flows/s: ${(flows.seen / seconds).toFixed(2)}   Metrics: Disabled`,
    ],
  ]
  return (
    text(lines) +
    (isVerbose ? `Allocated addresses:\n${addresses}` : '') +
    text(rest) +
    (isVerbose ? details(device) : '') +
    text([
      ['Encryption', 'Disabled        '],
      ['Cluster health', 'Probe disabled'],
      ['Modules Health', 'Stopped(0) Degraded(0) OK(60)'],
    ])
  )
}

function details(device: string): string {
  return `KubeProxyReplacement Details:
  Status:               True
  Socket LB:            Enabled
  Socket LB Tracing:    Enabled
  Socket LB Coverage:   Full
  Devices:              ${device}
  Mode:                 SNAT
  Backend Selection:    Random
  Session Affinity:     Enabled
  Graceful Termination: Enabled
  NAT46/64 Support:     Disabled
  XDP Acceleration:     Disabled
  Services:
  - ClusterIP:      Enabled
  - NodePort:       Enabled (Range: 30000-32767) 
  - LoadBalancer:   Enabled 
  - externalIPs:    Enabled 
  - HostPort:       Enabled
`
}
