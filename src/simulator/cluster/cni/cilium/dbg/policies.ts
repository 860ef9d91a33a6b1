import { protocolNumbers } from '../../../../network/packet.ts'
import type { LocalEndpoint } from '../localEndpoint.ts'
import type { PolicyEntry } from '../policyMap.ts'
import { portText } from '../policyText.ts'
import { type DbgCommand, type DbgRequest, labelsOf } from './command.ts'
import { tabulate } from './tabulate.ts'

/** The policy maps of endpoints, line by line. */
export const policyMaps: DbgCommand = {
  words: ['bpf policy get'],
  summary: 'List contents of a policy BPF map',
  flags: ['--all', '-n', '--numeric'],
  async run(request) {
    const { process, datapath, operands, options } = request
    const all = [...datapath.endpoints.values()].sort((a, b) => a.id - b.id)
    if (options.has('--all')) {
      for (const endpoint of all)
        await process.write(
          `Endpoint ID: ${endpoint.id}\nPath: ${pathOf(endpoint)}\n\n${mapText(request, endpoint)}\n\n`,
        )
      return 0
    }
    const endpoint = all.find(({ id }) => String(id) === operands[0])
    if (!endpoint) {
      if (operands.length === 0) await process.stderr.write('Need ID of endpoint to get policy for\n')
      else
        await process.stderr.write(
          `Failed to open map: loading pinned map /sys/fs/bpf/tc/globals/cilium_policy_v2_${operands[0]!.padStart(5, '0')}: no such file or directory\n`,
        )
      return 1
    }
    await process.write(mapText(request, endpoint))
    return 0
  },
}

/** The NetworkPolicies that the agent has, as they were given to it. */
// Simplified: the real command prints each as the rule that Cilium has made of it.
export const policyGet: DbgCommand = {
  words: ['policy get'],
  summary: 'Display policy node information',
  async run({ process, datapath }) {
    const policies = datapath.agent?.policies() ?? []
    const rules = policies.map(({ kind, metadata, spec }) => ({
      name: `${metadata.namespace}/${metadata.name}`,
      labels: [
        { key: 'io.cilium.k8s.policy.derived-from', value: kind, source: 'k8s' },
        { key: 'io.cilium.k8s.policy.name', value: metadata.name, source: 'k8s' },
        { key: 'io.cilium.k8s.policy.namespace', value: metadata.namespace, source: 'k8s' },
        { key: 'io.cilium.k8s.policy.uid', value: metadata.uid, source: 'k8s' },
      ],
      spec,
    }))
    await process.write(`${JSON.stringify(rules, undefined, 2)}\nRevision: ${policies.length + 1}\n`)
    return 0
  },
}

function pathOf({ id }: LocalEndpoint): string {
  return `/sys/fs/bpf/tc/globals/cilium_policy_v2_${String(id).padStart(5, '0')}`
}

function mapText({ datapath, options }: DbgRequest, { policy }: LocalEndpoint): string {
  const isNumeric = options.has('-n') || options.has('--numeric')
  const rows = [
    [
      'POLICY',
      'DIRECTION',
      isNumeric ? 'IDENTITY' : 'LABELS (source:key[=value])',
      'PORT/PROTO',
      'PROXY PORT',
      'AUTH TYPE',
      'BYTES',
      'PACKETS',
      'PREFIX',
    ],
  ]
  for (const entry of policy.entries) {
    const labels = isNumeric ? [String(entry.identity)] : labelsOf(datapath, entry.identity)
    const direction = entry.direction === 'ingress' ? 'Ingress' : 'Egress'
    for (const [index, label] of (labels.length > 0 ? labels : [String(entry.identity)]).entries())
      rows.push(
        index === 0
          ? [
              entry.isDeny ? 'Deny' : 'Allow',
              direction,
              label,
              protocolText(entry),
              'NONE',
              'disabled',
              String(entry.bytes),
              String(entry.packets),
              // The protocol takes eight bits of what is looked up, then comes the port.
              String(entry.protocol === 0 ? 0 : 8 + entry.prefixLength),
            ]
          : ['', '', label, '', '', '', '', '', ''],
      )
  }
  return tabulate(rows)
}

function protocolText({ protocol, port, prefixLength }: PolicyEntry): string {
  if (protocol === 0) return 'ANY'
  const name =
    Object.entries(protocolNumbers)
      .find(([, number]) => number === protocol)?.[0]
      .toUpperCase() ?? ''
  return prefixLength === 0 ? `ANY/${name}` : `${portText(port, prefixLength)}/${name}`
}
