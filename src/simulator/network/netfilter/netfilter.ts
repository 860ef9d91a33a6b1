import type { Random } from '../../random.ts'
import type { NetworkInterface } from '../interface.ts'
import type { NetworkNamespace } from '../namespace.ts'
import { packetLength } from '../packet.ts'
import type { SocketBuffer } from '../socketBuffer.ts'
import type { AddressSet } from './addressSet.ts'
import { formatRule, saveTable } from './format.ts'
import type { MatchContext } from './match.ts'
import { decide, isDecided, type Side, translate, translateError } from './nat.ts'
import type { NftTable } from './nftables.ts'
import { packetLogLine } from './packetLog.ts'
import { RecentLists } from './recent.ts'
import { restoreTables } from './restore.ts'
import type { AddressType, NatRange, Rule, RuleText, Target } from './rule.ts'
import { type Chain, type Hook, hooks, Table, type TableName, tableNames } from './table.ts'

/** What the end of a list of rules says of a packet. */
export type Verdict = 'accept' | 'drop'

/** A program that packets meet at a hook, as a table of another kind registers it. */
export interface HookProgram {
  readonly hook: Hook
  /** Smaller comes first: raw −300, connections −200, mangle −150, DNAT −100, filter 0, SNAT 100. */
  readonly priority: number
  run(buffer: SocketBuffer): Verdict
}

type Step = { readonly priority: number; run(buffer: SocketBuffer): boolean }

const priorities: Readonly<Record<TableName, number>> = { raw: -300, mangle: -150, nat: -100, filter: 0 }
const trackPriority = -200
const sourceNatPriority = 100
const confirmPriority = 1_000

/** The rules of a network namespace, and the five hooks at which packets meet them. */
export class Netfilter implements MatchContext {
  readonly recent = new RecentLists()
  readonly sets = new Map<string, AddressSet>()
  readonly accounts = new Map<string, { packets: number; bytes: number }>()
  /** Tables of nftables by family and name: `ip kube-proxy`. */
  readonly nftables = new Map<string, NftTable>()
  readonly random: Random
  #namespace: NetworkNamespace
  #tables = new Map<TableName, Table>()
  #programs: HookProgram[] = []
  #tracksConnections = false
  /** What a packet meets at each hook; undefined after a change. */
  #steps: ReadonlyMap<Hook, readonly Step[]> | undefined

  constructor(namespace: NetworkNamespace) {
    this.#namespace = namespace
    this.random = namespace.network.random.fork(`netfilter ${namespace.machine} ${namespace.name}`)
  }

  /** The tables that someone has used, in the order in which a packet meets them. */
  get tables(): Table[] {
    return tableNames.flatMap(name => this.#tables.get(name) ?? [])
  }

  /** The table of that name; it begins to exist when it is first asked for. */
  table(name: TableName): Table {
    let table = this.#tables.get(name)
    if (!table) {
      table = new Table(name)
      table.onChange = () => {
        this.#steps = undefined
      }
      this.#tables.set(name, table)
      this.#steps = undefined
    }
    return table
  }

  /** Adds a table of another kind at one of the hooks; the answer takes it away. */
  register(program: HookProgram): () => void {
    this.#programs = [...this.#programs, program]
    this.#tracksConnections = true
    this.#steps = undefined
    return () => {
      this.#programs = this.#programs.filter(other => other !== program)
      this.#steps = undefined
    }
  }

  /**
   * Reads rules as iptables-restore does. With `noFlush` only chains that the text declares are emptied, the way
   * programs change their own rules and leave those of others alone. Throws `RestoreError`; then nothing has changed.
   */
  restore(text: string, options: { readonly noFlush?: boolean; readonly counters?: boolean } = {}): void {
    restoreTables(text, options, name => this.table(name))
  }

  /** The rules as `iptables-save` prints them, without its comment lines. */
  save(options: { readonly table?: TableName; readonly counters?: boolean } = {}): string {
    const tables = this.tables.filter(table => options.table === undefined || table.name === options.table)
    return tables.map(table => saveTable(table, options)).join('')
  }

  /** Whether packets meet nothing at all. */
  get isEmpty(): boolean {
    return this.#tables.size === 0 && this.#programs.length === 0
  }

  /** Whether connections are tracked: someone has had rules that ask for them. */
  get tracksConnections(): boolean {
    this.#prepared()
    return this.#tracksConnections
  }

  get now(): number {
    return this.#namespace.clock.now
  }

  addressType(address: number, device: NetworkInterface | undefined): AddressType {
    return this.#namespace.addressType(address, device)
  }

  /** Shows a packet to everything at a hook; false when it goes no further. */
  run(hook: Hook, buffer: SocketBuffer): boolean {
    if (this.isEmpty) return true
    for (const step of this.#prepared().get(hook)!) if (!step.run(buffer)) return false
    return true
  }

  #prepared(): ReadonlyMap<Hook, readonly Step[]> {
    if (!this.#steps) {
      this.#tracksConnections ||= this.tables.some(asksForConnections)
      this.#steps = new Map(hooks.map(hook => [hook, this.#stepsOf(hook)]))
    }
    return this.#steps
  }

  #stepsOf(hook: Hook): Step[] {
    const steps: Step[] = []
    for (const table of this.tables) {
      const chain = table.chains.get(hook)
      if (!chain || table.name === 'nat' || (chain.rules.length === 0 && chain.policy === 'ACCEPT')) continue
      steps.push({ priority: priorities[table.name], run: buffer => this.#runChain(table, chain, hook, buffer) })
    }
    for (const program of this.#programs)
      if (program.hook === hook)
        steps.push({ priority: program.priority, run: buffer => program.run(buffer) === 'accept' })
    if (this.#tracksConnections) this.#addConnectionSteps(hook, steps)
    return steps.sort((a, b) => a.priority - b.priority)
  }

  #addConnectionSteps(hook: Hook, steps: Step[]): void {
    const { connections } = this.#namespace
    if (hook === 'PREROUTING' || hook === 'OUTPUT') {
      steps.push({
        priority: trackPriority,
        run: buffer => {
          connections.track(buffer)
          if (buffer.tracking !== 'refused') return true
          this.#note(buffer, 'drop', 'the connection table is full', 'net.netfilter.nf_conntrack_max')
          return false
        },
      })
      steps.push({ priority: priorities.nat, run: buffer => this.#runNat(hook, 'destination', buffer) })
    }
    if (hook === 'INPUT' || hook === 'POSTROUTING') {
      steps.push({ priority: sourceNatPriority, run: buffer => this.#runNat(hook, 'source', buffer) })
      steps.push({ priority: confirmPriority, run: buffer => this.#confirm(buffer) })
    }
  }

  #confirm(buffer: SocketBuffer): boolean {
    if (this.#namespace.connections.confirm(buffer)) return true
    this.#note(buffer, 'drop', 'another connection took its place', '')
    return false
  }

  /** Only the first packet of a connection meets the rules of table nat; the others follow its decisions. */
  #runNat(hook: Hook, side: Side, buffer: SocketBuffer): boolean {
    const { connection, packet } = buffer
    if (!connection) return true
    if (buffer.tracking === 'related') {
      buffer.packet = translateError(buffer, side)
    } else {
      if (!isDecided(connection, side)) {
        const table = this.#tables.get('nat')
        const chain = table?.chains.get(hook)
        if (table && chain && !this.#runChain(table, chain, hook, buffer)) return false
        if (!isDecided(connection, side)) this.#decide(buffer, side, {})
      }
      buffer.packet = translate(buffer, side)
    }
    if (buffer.packet !== packet && buffer.tracking !== 'new')
      this.#namespace.note('rewrite', placeOf(buffer), 'as its connection', '', packet, buffer.packet)
    else if (buffer.packet !== packet)
      this.#namespace.note('rewrite', placeOf(buffer), side === 'source' ? 'SNAT' : 'DNAT', '', packet, buffer.packet)
    return true
  }

  #decide(buffer: SocketBuffer, side: Side, range: NatRange): void {
    decide(buffer.connection!, side, range, this.#namespace.connections, this.random)
  }

  /** Runs a built-in chain; false when the packet goes no further. */
  #runChain(table: Table, chain: Chain, hook: Hook, buffer: SocketBuffer): boolean {
    const verdict = this.#traverse(table, chain, hook, buffer)
    if (verdict) return verdict === 'accept'
    // Packets that reach a policy are not counted: the chains of iptables-nft have no counters.
    if (chain.policy !== 'DROP') return true
    this.#note(buffer, 'drop', `${table.name} ${hook}`, `-P ${chain.name} DROP`)
    return false
  }

  /** The verdict of a chain's rules; undefined when its end is reached. */
  #traverse(table: Table, chain: Chain, hook: Hook, buffer: SocketBuffer): Verdict | undefined {
    const { trace } = this.#namespace.network
    for (const rule of chain.rulesFor(buffer.packet)) {
      if ((buffer.packet.destination & rule.mask) !== rule.network || !this.#matches(rule, buffer)) continue
      rule.packets++
      rule.bytes += packetLength(buffer.packet)
      const { target } = rule.text
      if (!target) continue
      if (trace.isOn)
        this.#note(buffer, 'rule', `${table.name} ${wordOf(target)}`, () => `-A ${chain.name} ${formatRule(rule.text)}`)
      if (target.kind === 'RETURN') return undefined
      if (target.kind === 'goto') return this.#traverse(table, table.chain(target.chain), hook, buffer)
      const verdict =
        target.kind === 'jump'
          ? this.#traverse(table, table.chain(target.chain), hook, buffer)
          : this.#apply(target, hook, buffer, chain, rule.text)
      if (verdict) return verdict
    }
    return undefined
  }

  #matches(rule: Rule, buffer: SocketBuffer): boolean {
    for (const test of rule.tests) if (!test(buffer, this)) return false
    return true
  }

  #apply(target: Target, hook: Hook, buffer: SocketBuffer, chain: Chain, text: RuleText): Verdict | undefined {
    switch (target.kind) {
      case 'ACCEPT':
        return 'accept'
      case 'DROP':
        this.#note(buffer, 'drop', 'DROP', () => `-A ${chain.name} ${formatRule(text)}`)
        return 'drop'
      case 'REJECT':
        this.#note(buffer, 'reject', target.with, () => `-A ${chain.name} ${formatRule(text)}`)
        this.#namespace.ipv4.reject(buffer, target.with)
        return 'drop'
      case 'LOG': {
        // Only the machine's own namespace writes to its log (nf_log_all_netns).
        const { network, machine, name } = this.#namespace
        if (name === machine) network.kernelLog(machine).print(packetLogLine(target.prefix, buffer), 'warn')
        return undefined
      }
      case 'NOTRACK':
        buffer.tracking = 'untracked'
        return undefined
      case 'MARK':
        buffer.mark = ((buffer.mark & ~target.mask) ^ target.value) >>> 0
        return undefined
      case 'CONNMARK':
        setConnectionMark(target, buffer)
        return undefined
      case 'DNAT':
      case 'SNAT':
        this.#decide(buffer, target.kind === 'DNAT' ? 'destination' : 'source', target)
        return 'accept'
      case 'MASQUERADE': {
        const first = this.#namespace.sourceFor(buffer)
        if (first === undefined) return 'drop'
        this.#decide(buffer, 'source', { ...target, first })
        return 'accept'
      }
      case 'REDIRECT': {
        const first = hook === 'OUTPUT' ? 0x7f000001 : buffer.input?.addresses[0]?.address
        if (first === undefined) return 'drop'
        this.#decide(buffer, 'destination', { ...target, first })
        return 'accept'
      }
      default:
        return undefined
    }
  }

  #note(buffer: SocketBuffer, kind: 'rule' | 'drop' | 'reject', decision: string, by: string | (() => string)): void {
    this.#namespace.note(kind, placeOf(buffer), decision, by, buffer.packet)
  }
}

function placeOf(buffer: SocketBuffer): string {
  return (buffer.output ?? buffer.input)?.name ?? ''
}

function wordOf(target: Target): string {
  return target.kind === 'jump' || target.kind === 'goto' ? target.chain : target.kind
}

function setConnectionMark(target: Extract<Target, { kind: 'CONNMARK' }>, buffer: SocketBuffer): void {
  const { connection } = buffer
  if (!connection) return
  const { operation, value, mask, packetMask } = target
  if (operation === 'set') connection.mark = ((connection.mark & ~mask) ^ value) >>> 0
  else if (operation === 'save') connection.mark = ((connection.mark & ~mask) ^ (buffer.mark & packetMask)) >>> 0
  else buffer.mark = ((buffer.mark & ~packetMask) ^ (connection.mark & mask)) >>> 0
}

/** Whether a table has rules that connections must be tracked for. */
function asksForConnections(table: Table): boolean {
  if (table.name === 'nat') return [...table.chains.values()].some(chain => chain.rules.length > 0)
  for (const chain of table.chains.values())
    for (const { text } of chain.rules) {
      if (text.target?.kind === 'CONNMARK') return true
      if (text.matches.some(({ kind }) => kind === 'conntrack' || kind === 'state' || kind === 'connmark')) return true
    }
  return false
}
