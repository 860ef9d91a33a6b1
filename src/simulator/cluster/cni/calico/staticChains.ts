import type { Netfilter } from '../../../network/netfilter/netfilter.ts'
import { comment, joinHook, markClear, markSet, marks, setMark, writeChain } from './chains.ts'

/** How packets travel from node to node, as far as rules depend on it. */
export interface TunnelUse {
  readonly isIpip: boolean
  readonly isVxlan: boolean
  /** Whether some pool hides its addresses from the outside. */
  readonly masquerades: boolean
  /** Whether kube-proxy uses IPVS, which takes packets to Services past the chain FORWARD. */
  readonly isIpvs: boolean
}

const vxlanPort = 4789
const accepted = `${markSet(marks.accept)} --jump ACCEPT`
const hostAccepted = `${comment('Host endpoint policy accepted packet.')} ${accepted}`

// Simplified: tables raw and mangle are left alone; there felix serves host endpoints, and refuses forged sources.
/** Writes the chains that do not depend on any pod, and hangs them into those of the kernel. */
export function writeStaticChains(netfilter: Netfilter, use: TunnelUse): void {
  writeFilter(netfilter, use)
  writeNat(netfilter, use)
}

function writeFilter(netfilter: Netfilter, use: TunnelUse): void {
  const table = netfilter.table('filter')
  for (const name of [
    'cali-cidr-block',
    'cali-from-hep-forward',
    'cali-from-host-endpoint',
    'cali-to-hep-forward',
    'cali-to-host-endpoint',
  ])
    writeChain(table, name, [])
  for (const name of ['cali-from-wl-dispatch', 'cali-to-wl-dispatch'])
    if (!table.chains.has(name)) writeChain(table, name, [`${comment('Unknown interface')} --jump DROP`])
  writeChain(table, 'cali-wl-to-host', [
    '--jump cali-from-wl-dispatch',
    `${comment('Configured DefaultEndpointToHostAction')} --jump ACCEPT`,
  ])
  writeChain(table, 'cali-FORWARD', [
    setMark(0, marks.all & ~marks.accept),
    `${markClear(marks.accept)} --jump cali-from-hep-forward`,
    '--in-interface cali+ --jump cali-from-wl-dispatch',
    '--out-interface cali+ --jump cali-to-wl-dispatch',
    '--jump cali-to-hep-forward',
    '--jump cali-cidr-block',
  ])
  writeChain(table, 'cali-INPUT', [
    ...(use.isIpip ? ipipInput : []),
    ...(use.isVxlan ? vxlanInput : []),
    ...(use.isIpvs ? ipvsInput : []),
    '--in-interface cali+ --goto cali-wl-to-host',
    accepted,
    setMark(0, marks.all),
    '--jump cali-from-host-endpoint',
    hostAccepted,
  ])
  writeChain(table, 'cali-OUTPUT', [
    accepted,
    ...(use.isIpvs ? [`${hasEndpointMark} --goto cali-forward-endpoint-mark`] : []),
    '--out-interface cali+ --jump RETURN',
    ...(use.isIpip ? ipipOutput : []),
    ...(use.isVxlan ? vxlanOutput : []),
    setMark(0, marks.all),
    '-m conntrack ! --ctstate DNAT --jump cali-to-host-endpoint',
    hostAccepted,
  ])
  if (use.isIpvs) for (const [name, rules] of ipvsChains) writeChain(table, name, rules)
  joinHook(table, 'INPUT', ['--jump cali-INPUT'])
  joinHook(
    table,
    'FORWARD',
    ['--jump cali-FORWARD'],
    [`${comment('Policy explicitly accepted packet.')} ${accepted}`, setMark(marks.accept)],
  )
  joinHook(table, 'OUTPUT', ['--jump cali-OUTPUT'])
}

const hasEndpointMark = `-m mark ! --mark 0/0x${marks.endpoint.toString(16)}`

/** What is on its way to a Service is marked with the pod that it comes from, and judged when its real end is known. */
const ipvsInput = [setMark(0, marks.endpoint), '--jump cali-forward-check', `${hasEndpointMark} --jump RETURN`]

const toNodePort = (protocol: string) =>
  `${comment('To kubernetes NodePort service')} -p ${protocol} -m multiport --destination-ports 30000:32767 -m set --match-set cali40this-host dst --goto cali-set-endpoint-mark`

const ipvsChains: readonly (readonly [name: string, rules: readonly string[]])[] = [
  [
    'cali-forward-check',
    [
      '-m conntrack --ctstate RELATED,ESTABLISHED --jump RETURN',
      toNodePort('tcp'),
      toNodePort('udp'),
      `${comment('To kubernetes service')} -m set ! --match-set cali40this-host dst --jump cali-set-endpoint-mark`,
    ],
  ],
  [
    'cali-forward-endpoint-mark',
    [
      `-m mark ! --mark 0x${marks.noEndpoint.toString(16)}/0x${marks.endpoint.toString(16)} --jump cali-from-endpoint-mark`,
      '--out-interface cali+ --jump cali-to-wl-dispatch',
      '--jump cali-to-hep-forward',
      setMark(0, marks.endpoint),
      `${comment('Policy explicitly accepted packet.')} ${accepted}`,
    ],
  ],
]

const ipipInput = [
  `${comment('Allow IPIP packets from Calico hosts')} -p 4 -m set --match-set cali40all-hosts-net src -m addrtype --dst-type LOCAL --jump ACCEPT`,
  `${comment('Drop IPIP packets from non-Calico hosts')} -p 4 --jump DROP`,
]

const ipipOutput = [
  `${comment('Allow IPIP packets to other Calico hosts')} -p 4 -m set --match-set cali40all-hosts-net dst -m addrtype --src-type LOCAL --jump ACCEPT`,
]

const vxlanInput = [
  `${comment('Allow IPv4 VXLAN packets from allowed hosts')} -p 17 -m multiport --destination-ports ${vxlanPort} -m set --match-set cali40all-vxlan-net src -m addrtype --dst-type LOCAL --jump ACCEPT`,
  `${comment('Drop IPv4 VXLAN packets from non-allowed hosts')} -p 17 -m multiport --destination-ports ${vxlanPort} -m addrtype --dst-type LOCAL --jump DROP`,
]

const vxlanOutput = [
  `${comment('Allow IPv4 VXLAN packets to other allowed hosts')} -p 17 -m multiport --destination-ports ${vxlanPort} -m addrtype --src-type LOCAL -m set --match-set cali40all-vxlan-net dst --jump ACCEPT`,
]

function writeNat(netfilter: Netfilter, use: TunnelUse): void {
  const table = netfilter.table('nat')
  for (const name of ['cali-fip-dnat', 'cali-fip-snat']) writeChain(table, name, [])
  writeChain(
    table,
    'cali-nat-outgoing',
    use.masquerades
      ? [
          '-m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst --jump MASQUERADE --random-fully',
        ]
      : [],
  )
  writeChain(table, 'cali-PREROUTING', ['--jump cali-fip-dnat'])
  writeChain(table, 'cali-OUTPUT', ['--jump cali-fip-dnat'])
  const hidden = '-m addrtype ! --src-type LOCAL --limit-iface-out -m addrtype --src-type LOCAL'
  writeChain(table, 'cali-POSTROUTING', [
    '--jump cali-fip-snat',
    '--jump cali-nat-outgoing',
    ...(use.isIpip ? [`--out-interface tunl0 ${hidden} --jump MASQUERADE --random-fully`] : []),
    ...(use.isVxlan ? [`--out-interface vxlan.calico ${hidden} --jump MASQUERADE --random-fully`] : []),
  ])
  joinHook(table, 'PREROUTING', ['--jump cali-PREROUTING'])
  joinHook(table, 'OUTPUT', ['--jump cali-OUTPUT'])
  joinHook(table, 'POSTROUTING', ['--jump cali-POSTROUTING'])
}
