import { formatIpv4 } from '../../network/address.ts'
import type { SocketEntry } from '../../network/sockets.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { serviceName } from '../services.ts'
import { type Filter, FilterParser, FilterSyntaxError } from './ss/filter.ts'

/** Lists sockets. */
export const ss = defineProgram({
  name: 'ss',
  summary: 'another utility to investigate sockets',
  usage: '[ OPTIONS ] [ FILTER ]',
  package: 'iproute2-6.1.0',
  options: [
    { short: 'n', long: 'numeric', help: "don't resolve service names" },
    { short: 'r', long: 'resolve', help: 'resolve host names' },
    { short: 'a', long: 'all', help: 'display all sockets' },
    { short: 'l', long: 'listening', help: 'display listening sockets' },
    { short: 'o', long: 'options', help: 'show timer information' },
    { short: 'e', long: 'extended', help: 'show detailed socket information' },
    { short: 'p', long: 'processes', help: 'show process using socket' },
    { short: 's', long: 'summary', help: 'show socket usage summary' },
    { short: '4', long: 'ipv4', help: 'display only IP version 4 sockets' },
    { short: '6', long: 'ipv6', help: 'display only IP version 6 sockets' },
    { short: 't', long: 'tcp', help: 'display only TCP sockets' },
    { short: 'u', long: 'udp', help: 'display only UDP sockets' },
    { short: 'w', long: 'raw', help: 'display only RAW sockets' },
    { short: 'x', long: 'unix', help: 'display only Unix domain sockets' },
    { short: 'H', long: 'no-header', help: 'suppress header line' },
    { short: 'O', long: 'oneline', help: "socket's data printed on a single line" },
  ],
  notSimulated:
    '-m --memory -i --info --tipcinfo -b --bpf -E --events -Z --context -z --contexts -N --net -0 --packet -d --dccp -S --sctp --mptcp --tipc --vsock --xdp -M -K --kill -f --family -A --query --socket -D --diag -F --filter -B --bound-inactive --inet-sockopt --tos --cgroup -W --win32',
  async run(process, args) {
    if (args.has('resolve') || args.has('extended'))
      return process.fail(`option ${args.has('resolve') ? '-r' : '-e'} is not simulated here`)
    if (args.has('summary')) return summary(process)
    const kinds = (['tcp', 'udp'] as const).filter(kind => args.has(kind))
    const isNarrowed = kinds.length > 0 || args.has('raw') || args.has('unix')
    const wantedKinds: readonly string[] = isNarrowed ? kinds : ['tcp', 'udp']
    let filter: Filter
    try {
      filter = new FilterParser(process, args.operands).parse()
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error
      return process.fail(error.message)
    }
    const states = filter.states
    const isWanted = (entry: SocketEntry) => {
      const isListening = entry.state === 'LISTEN' || entry.state === 'UNCONN'
      const isShown = states ? states.has(entry.state) : args.has('all') || isListening === args.has('listening')
      const family = entry.isDualStack ? 6 : 4
      return (
        isShown &&
        wantedKinds.includes(entry.protocol) &&
        !(args.has('ipv4') && !args.has('ipv6') && family === 6) &&
        !(args.has('ipv6') && !args.has('ipv4') && family === 4) &&
        filter.test(entry)
      )
    }
    const entries = process.network.sockets.list().filter(isWanted)
    entries.sort((a, b) => wantedKinds.indexOf(b.protocol) - wantedKinds.indexOf(a.protocol))
    const port = (number: number, protocol: 'tcp' | 'udp') =>
      (args.has('numeric') ? undefined : serviceName(process, number, protocol)) ?? String(number)
    const rows = entries.map(entry => rowOf(entry, port, args.has('processes')))
    await process.write(
      table(rows, {
        hasHeading: !args.has('no-header'),
        hasKind: isNarrowed ? kinds.length > 1 : true,
        hasState: !(states?.size === 1),
      }),
    )
    return 0
  },
})

interface Row {
  readonly kind: string
  readonly state: string
  readonly receive: string
  readonly send: string
  readonly local: readonly [address: string, port: string]
  readonly peer: readonly [address: string, port: string]
  readonly process: string
}

function rowOf(
  entry: SocketEntry,
  port: (number: number, protocol: 'tcp' | 'udp') => string,
  hasProcess: boolean,
): Row {
  const protocol = entry.protocol === 'udp' ? 'udp' : 'tcp'
  const address = (value: number) => {
    if (value === 0) return entry.isDualStack ? '*' : '0.0.0.0'
    return entry.isDualStack ? `[::ffff:${formatIpv4(value)}]` : formatIpv4(value)
  }
  const device = entry.interface ? `%${entry.interface}` : ''
  const number = (value: number) => (value === 0 ? '*' : port(value, protocol))
  const { owner } = entry
  return {
    kind: entry.protocol,
    state: entry.state,
    receive: String(entry.receiveQueue),
    send: String(entry.sendQueue),
    local: [`${address(entry.local.address)}${device}:`, number(entry.local.port)],
    peer: [`${address(entry.remote.address)}:`, number(entry.remote.port)],
    // Simplified: the file descriptor is not known; servers mostly have 3.
    process: hasProcess && owner ? `users:(("${owner.program}",pid=${owner.pid},fd=3))` : '',
  }
}

/** Columns as wide as what they hold; ss spreads them over a terminal, which is left out here. */
// Simplified: on a terminal the columns are not spread over its width.
function table(
  rows: readonly Row[],
  shown: { readonly hasHeading: boolean; readonly hasKind: boolean; readonly hasState: boolean },
): string {
  const heading: Row = {
    kind: 'Netid',
    state: 'State',
    receive: 'Recv-Q',
    send: 'Send-Q',
    local: ['Local Address:', 'Port'],
    peer: ['Peer Address:', 'Port'],
    process: 'Process',
  }
  const all = shown.hasHeading ? [heading, ...rows] : rows
  const width = (cell: (row: Row) => string) => Math.max(0, ...all.map(row => cell(row).length))
  const cells: readonly (readonly [cell: (row: Row) => string, isRight: boolean, before: string])[] = [
    ...(shown.hasKind ? [[(row: Row) => row.kind, false, ''] as const] : []),
    ...(shown.hasState ? [[(row: Row) => row.state, false, shown.hasKind ? ' ' : ''] as const] : []),
    [row => row.receive, false, shown.hasKind || shown.hasState ? ' ' : ''],
    [row => row.send, false, ' '],
    [row => row.local[0], true, ' '],
    [row => row.local[1], false, ''],
    [row => row.peer[0], true, ' '],
    [row => row.peer[1], false, ''],
    [row => row.process, false, ''],
  ]
  const widths = cells.map(([cell]) => width(cell))
  return all
    .map(row => {
      const line = cells.map(([cell, isRight, before], i) => {
        const text = cell(row)
        return before + (isRight ? text.padStart(widths[i]!) : text.padEnd(widths[i]!))
      })
      return `${line.join('')}\n`
    })
    .join('')
}

async function summary(process: Process): Promise<number> {
  const entries = process.network.sockets.list()
  const tcp = entries.filter(entry => entry.protocol === 'tcp')
  const count = (protocol: string, isDual?: boolean) =>
    entries.filter(entry => entry.protocol === protocol && (isDual === undefined || entry.isDualStack === isDual))
      .length
  const waiting = tcp.filter(entry => entry.state === 'TIME-WAIT').length
  const established = tcp.filter(entry => entry.state === 'ESTAB').length
  const row = (name: string, all: number, four: number, six: number) =>
    `${name}\t  ${String(all).padEnd(9)} ${String(four).padEnd(9)} ${String(six).padEnd(9)}\n`
  const open = tcp.length - waiting
  const udp = count('udp')
  const six = tcp.filter(entry => entry.isDualStack && entry.state !== 'TIME-WAIT').length
  await process.write(
    `Total: ${entries.length}\n` +
      `TCP:   ${tcp.length} (estab ${established}, closed ${waiting}, orphaned 0, timewait ${waiting})\n\n` +
      'Transport Total     IP        IPv6\n' +
      row('RAW', count('icmp'), count('icmp'), 0) +
      row('UDP', udp, udp - count('udp', true), count('udp', true)) +
      row('TCP', open, open - six, six) +
      row('INET', open + udp, open + udp - six - count('udp', true), six + count('udp', true)) +
      `${row('FRAG', 0, 0, 0)}\n`,
  )
  return 0
}
