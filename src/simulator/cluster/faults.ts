/** A fault that a lab has from the start: which one, where, and what else it needs. */
export interface FaultDefinition {
  readonly fault: string
  /** The machine that has it. */
  readonly on?: string
  readonly [setting: string]: string | number | undefined
}

/** A setting of a fault: `text`, or a number between two others; one without a default has to be given. */
export interface FaultSetting {
  readonly kind: 'text' | readonly [least: number, most: number]
  readonly default?: string | number
}

/** A kind of fault that lessons can have. */
export interface FaultKind {
  readonly name: string
  /** One sentence about what is wrong. */
  readonly summary: string
  /** Whether it is the fault of one machine, which then has to be named. */
  readonly isLocal: boolean
  readonly settings: Readonly<Record<string, FaultSetting>>
  /** What root would type on the machine to bring it about. */
  commands?(settings: Readonly<Record<string, string | number>>): readonly string[]
  /** A DaemonSet of the cluster that goes, or a Deployment that is scaled to nothing. */
  readonly object?: {
    readonly kind: 'DaemonSet' | 'Deployment'
    readonly namespace: string
    readonly name: string
  }
}

const onEth0: FaultSetting = { kind: 'text', default: 'eth0' }
const percent: FaultSetting = { kind: [1, 100] }

/** The faults that a lab.yaml can ask for. */
export const faultKinds: readonly FaultKind[] = [
  {
    name: 'link-down',
    summary: 'An interface is down.',
    isLocal: true,
    settings: { interface: onEth0 },
    commands: ({ interface: link }) => [`ip link set ${link} down`],
  },
  {
    name: 'packet-loss',
    summary: 'An interface loses a share of what it sends.',
    isLocal: true,
    settings: { interface: onEth0, percent },
    commands: each => [`tc qdisc add dev ${each['interface']} root netem loss ${each['percent']}%`],
  },
  {
    name: 'latency',
    summary: 'An interface holds back what it sends.',
    isLocal: true,
    settings: { interface: onEth0, milliseconds: { kind: [1, 60_000] } },
    commands: each => [`tc qdisc add dev ${each['interface']} root netem delay ${each['milliseconds']}ms`],
  },
  {
    name: 'blocked-port',
    summary: 'A machine drops what comes to one of its ports.',
    isLocal: true,
    settings: { port: { kind: [1, 65_535] }, protocol: { kind: 'text', default: 'tcp' } },
    commands: ({ port, protocol }) => [`iptables -I INPUT -p ${protocol} --dport ${port} -j DROP`],
  },
  {
    name: 'full-conntrack',
    summary: 'The connection table of a machine takes only so many connections.',
    isLocal: true,
    settings: { connections: { kind: [1, 1_000_000] } },
    commands: ({ connections }) => [`sysctl -qw net.netfilter.nf_conntrack_max=${connections}`],
  },
  {
    name: 'kernel-setting',
    summary: 'A setting of the kernel is not what it should be.',
    isLocal: true,
    settings: { name: { kind: 'text' }, value: { kind: 'text' } },
    commands: ({ name, value }) => [`sysctl -qw ${name}=${value}`],
  },
  {
    name: 'mtu',
    summary: 'An interface takes packets of the wrong length.',
    isLocal: true,
    settings: { interface: onEth0, bytes: { kind: [68, 65_535] } },
    commands: each => [`ip link set ${each['interface']} mtu ${each['bytes']}`],
  },
  {
    name: 'stopped-kubelet',
    summary: 'The kubelet of a node does not run.',
    isLocal: true,
    settings: {},
    commands: () => ['systemctl stop kubelet'],
  },
  {
    name: 'lost-subnet-file',
    summary: 'The file in which flanneld says what range its node has is gone.',
    isLocal: true,
    settings: {},
    commands: () => ['rm -f /run/flannel/subnet.env'],
  },
  {
    name: 'stopped-kube-proxy',
    summary: 'Nobody writes the rules of Services any more; those that are there stay.',
    isLocal: false,
    settings: {},
    object: { kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-proxy' },
  },
  {
    name: 'stopped-dns',
    summary: 'CoreDNS has no pods.',
    isLocal: false,
    settings: {},
    object: { kind: 'Deployment', namespace: 'kube-system', name: 'coredns' },
  },
  {
    name: 'missing-flannel',
    summary: 'The daemons of flannel are gone; what they have set up stays.',
    isLocal: false,
    settings: {},
    object: { kind: 'DaemonSet', namespace: 'kube-flannel', name: 'kube-flannel-ds' },
  },
]
