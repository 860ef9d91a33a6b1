import { contains, parseIpv4, parsePrefix } from '../../../simulator/network/address.ts'

/** One packet on its way into a node. */
export interface Flow {
  readonly sourceIP: string
  readonly destIP: string
  readonly destPort: number
  readonly protocol: string
}

/** Where a packet may go: addresses it may be sent on to, or the end that the rules make for it. */
export interface Walked {
  readonly outputs: ReadonlySet<string>
  readonly isMasqueraded: boolean
}

type Chains = ReadonlyMap<string, readonly string[]>

/** Follows a packet through rules as iptables-save prints them; where a rule matches by chance, both ways are taken. */
export function walk(rules: readonly string[], flow: Flow, nodeAddress: string): Walked {
  const [nat, filter] = ['nat', 'filter'].map(table => chainsOf(rules, table)) as [Chains, Chains]
  const isLocal = (address: string) => address === nodeAddress || address.startsWith('127.')
  const matches = (rule: string) => matchesRule(rule, flow, isLocal)
  const outputs = new Set<string>()
  const masqueraded: boolean[] = []

  /** Whether the packet certainly ends in a chain, and whether it is marked when it comes back. */
  const translate = (chain: string, isMarked: boolean): { ends: boolean; isMarked: boolean } => {
    let marked = isMarked
    for (const rule of (nat.get(chain) ?? []).filter(matches)) {
      const target = / -j (\S+)/.exec(rule)?.[1]
      if (target === 'KUBE-MARK-MASQ') marked = true
      else if (target === 'RETURN') return { ends: false, isMarked: marked }
      else if (target === 'DNAT') {
        outputs.add(/--to-destination (\S+)/.exec(rule)![1]!)
        masqueraded.push(marked)
        return { ends: true, isMarked: marked }
      } else if (target !== undefined) {
        const after = translate(target, marked)
        const isSure = !rule.includes('--probability')
        if (isSure && after.ends) return after
        if (isSure) marked = after.isMarked
      }
    }
    return { ends: false, isMarked: marked }
  }
  translate('KUBE-SERVICES', false)
  if (outputs.size > 0) return { outputs, isMasqueraded: masqueraded.every(Boolean) }

  const chains = ['KUBE-PROXY-FIREWALL', 'KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES', 'KUBE-NODEPORTS']
  for (const chain of chains)
    for (const rule of (filter.get(chain) ?? []).filter(matches)) {
      const target = / -j (REJECT|DROP|ACCEPT)/.exec(rule)?.[1]
      if (target) return { outputs: new Set([target]), isMasqueraded: false }
    }
  return { outputs, isMasqueraded: false }
}

function chainsOf(rules: readonly string[], table: string): Chains {
  const chains = new Map<string, string[]>()
  for (const rule of rules) {
    const [of, , chain = ''] = rule.split(' ')
    if (of === table) chains.set(chain, [...(chains.get(chain) ?? []), rule])
  }
  return chains
}

function matchesRule(rule: string, flow: Flow, isLocal: (address: string) => boolean): boolean {
  const words = rule.replace(/"[^"]*"/g, 'text').split(' ')
  return words.every((word, at) => {
    const value = words[at + 1] ?? ''
    const isWanted = words[at - 1] !== '!'
    switch (word) {
      case '-s':
        return isWithin(flow.sourceIP, value) === isWanted
      case '-d':
        return isWithin(flow.destIP, value) === isWanted
      case '-p':
        return (value === flow.protocol.toLowerCase()) === isWanted
      case '--dport':
        return (Number(value) === flow.destPort) === isWanted
      case '--dst-type':
        return isLocal(flow.destIP) === isWanted
      case '--src-type':
        return isLocal(flow.sourceIP) === isWanted
      case '--rcheck':
      case '--ctstate':
        return false
      default:
        return true
    }
  })
}

function isWithin(address: string, range: string): boolean {
  const prefix = parsePrefix(range.includes('/') ? range : `${range}/32`)
  return prefix !== undefined && contains(prefix, parseIpv4(address)!)
}
