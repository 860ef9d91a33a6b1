import { contains, type Prefix, parsePrefix } from '../../network/address.ts'
import { type ConnectionEvent, formatConnection, type TrackedConnection } from '../../network/conntrack.ts'
import { protocolNumbers } from '../../network/packet.ts'
import type { Tuple } from '../../network/tuple.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'

const version = 'conntrack v1.4.7 (conntrack-tools)'

/** Shows and empties the table of tracked connections. */
export const conntrack = defineProgram({
  name: 'conntrack',
  summary: 'command line interface for netfilter connection tracking',
  usage: '[commands] [options]',
  package: 'conntrack-tools 1.4.7',
  usageStatus: 2,
  options: [
    { short: 'L', long: 'dump', value: '[table]', help: 'list the connections' },
    { short: 'D', long: 'delete', value: '[table]', help: 'delete the connections that match' },
    { short: 'F', long: 'flush', value: '[table]', help: 'empty the table' },
    { short: 'E', long: 'event', value: '[table]', help: 'show what happens to connections, as it happens' },
    { short: 'C', long: 'count', value: '[table]', help: 'show how many connections there are' },
    { short: 'S', long: 'stats', help: 'show the counters of each processor' },
    { short: 'p', long: 'proto', value: 'proto', help: 'layer 4 protocol' },
    { short: 's', long: 'src', value: 'ip', help: 'source address of the original direction' },
    { short: 'd', long: 'dst', value: 'ip', help: 'destination address of the original direction' },
    { long: 'orig-src', value: 'ip', help: 'the same as --src' },
    { long: 'orig-dst', value: 'ip', help: 'the same as --dst' },
    { short: 'r', long: 'reply-src', value: 'ip', help: 'source address of the reply direction' },
    { short: 'q', long: 'reply-dst', value: 'ip', help: 'destination address of the reply direction' },
    { short: 'n', long: 'src-nat', value: '[ip]', help: 'connections whose source address is translated' },
    { short: 'g', long: 'dst-nat', value: '[ip]', help: 'connections whose destination address is translated' },
    { short: 'j', long: 'any-nat', value: '[ip]', help: 'connections with any translation' },
    { long: 'sport', value: 'port', help: 'source port of the original direction' },
    { long: 'dport', value: 'port', help: 'destination port of the original direction' },
    { long: 'orig-port-src', value: 'port', help: 'the same as --sport' },
    { long: 'orig-port-dst', value: 'port', help: 'the same as --dport' },
    { long: 'reply-port-src', value: 'port', help: 'source port of the reply direction' },
    { long: 'reply-port-dst', value: 'port', help: 'destination port of the reply direction' },
    { long: 'state', value: 'state', help: 'TCP state, such as ESTABLISHED' },
    { short: 'm', long: 'mark', value: 'mark', help: 'connection mark' },
    { short: 'u', long: 'status', value: 'status', help: 'ASSURED, SEEN_REPLY or UNSET' },
    { short: 'f', long: 'family', value: 'proto', help: 'layer 3 protocol: ipv4' },
    { short: 'o', long: 'output', value: 'type[,...]', help: 'output format: extended' },
  ],
  notSimulated:
    '-G --get -I --create -A --add -U --update -z --zero -e --event-mask -t --timeout -b --buffer-size -l --label --tuple-src --tuple-dst --mask-src --mask-dst -w --zone --id -V -R --load-file',
  async run(process, args) {
    const say = (message: string) => process.stderr.write(`${version}: ${message}\n`)
    if (!mayAdministerNetwork(process.user)) {
      await say('Operation failed: Operation not permitted')
      return 1
    }
    const table = process.network.connections
    const command = args.last('dump', 'delete', 'event', 'flush', 'count', 'stats')
    const named = args.get('dump') ?? args.get('delete') ?? args.get('event') ?? args.operands[0] ?? 'conntrack'
    if (named !== 'conntrack') return process.fail(`table ${named} is not simulated here`)
    if (command === undefined) {
      await say(
        "you need to supply the `command' option\nTry `conntrack -h' or 'conntrack --help' for more information.",
      )
      return 2
    }
    if (command === 'stats') return showStatistics(process)
    if (command === 'count') {
      await process.write(`${table.list().length}\n`)
      return 0
    }
    if (command === 'flush') {
      table.flush()
      await say('connection tracking table has been emptied.')
      return 0
    }
    const output = args.get('output')
    if (output !== undefined && output !== 'extended') return process.fail(`output ${output} is not simulated here`)
    const wanted: Wanted = {
      protocol: args.get('proto'),
      original: tupleFilter(
        args.get('src') ?? args.get('orig-src'),
        args.get('dst') ?? args.get('orig-dst'),
        args.get('sport') ?? args.get('orig-port-src'),
        args.get('dport') ?? args.get('orig-port-dst'),
      ),
      reply: tupleFilter(
        args.get('reply-src'),
        args.get('reply-dst'),
        args.get('reply-port-src'),
        args.get('reply-port-dst'),
      ),
      state: args.get('state'),
      mark: args.get('mark'),
      status: args.get('status'),
      isSourceTranslated: args.has('src-nat') || undefined,
      isDestinationTranslated: args.has('dst-nat') || undefined,
      isTranslated: args.has('any-nat') || undefined,
    }
    if (wanted.protocol !== undefined && !(wanted.protocol in protocolNumbers)) {
      await say(`\`${wanted.protocol}' unsupported protocol`)
      return 2
    }
    if ((args.get('family') ?? 'ipv4') !== 'ipv4') return process.fail('only family ipv4 is simulated here')
    if (command === 'event') return follow(process, wanted)
    const found = table.list().filter(connection => isWanted(connection, wanted))
    const front = output === 'extended' ? 'ipv4     2 ' : ''
    for (const connection of found) {
      await process.write(`${front}${formatConnection(connection, process.kernel.clock.now)}\n`)
      if (command === 'delete') table.remove(connection)
    }
    return finish(process, found.length, command)
  },
})

/** Tells of connections until it is interrupted. */
async function follow(process: Process, wanted: Wanted): Promise<number> {
  const lines: string[] = []
  let count = 0
  let isInterrupted = false
  let wake = () => {}
  const stop = process.network.connections.watch((event, connection) => {
    if (!isWanted(connection, wanted)) return
    lines.push(eventLine(process, event, connection))
    wake()
  })
  const forget = process.onExit(stop)
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.onSignal(signal, () => {
      isInterrupted = true
      wake()
    })
  }
  while (!isInterrupted) {
    const line = lines.shift()
    if (line === undefined) {
      await process.wait<void>(ready => {
        wake = ready
      })
      continue
    }
    count++
    await process.write(line)
  }
  stop()
  forget()
  await process.stderr.write(`${version}: ${count} flow events have been shown.\n`)
  return 0
}

function eventLine(process: Process, event: ConnectionEvent, connection: TrackedConnection): string {
  const text = formatConnection(connection, process.kernel.clock.now).replace(/ mark=0 use=1$/, '')
  // What is gone has no time left and no state any more.
  const shown = event === 'DESTROY' ? text.replace(/^(\S+ +\d+) \d+(?: [A-Z_]+)?(?= src=)/, '$1') : text
  return `${`[${event}]`.padStart(9)} ${shown}\n`
}

async function finish(process: Process, count: number, command: 'dump' | 'delete'): Promise<number> {
  const what = command === 'delete' ? 'deleted' : 'shown'
  await process.stderr.write(`${version}: ${count} flow entries have been ${what}.\n`)
  return command === 'delete' && count === 0 ? 1 : 0
}

interface TupleFilter {
  readonly source: Prefix | undefined
  readonly destination: Prefix | undefined
  readonly sourcePort: number | undefined
  readonly destinationPort: number | undefined
}

interface Wanted {
  readonly protocol: string | undefined
  readonly original: TupleFilter
  readonly reply: TupleFilter
  readonly state: string | undefined
  readonly mark: string | undefined
  readonly status: string | undefined
  readonly isSourceTranslated: true | undefined
  readonly isDestinationTranslated: true | undefined
  readonly isTranslated: true | undefined
}

function tupleFilter(
  source: string | undefined,
  destination: string | undefined,
  sourcePort: string | undefined,
  destinationPort: string | undefined,
): TupleFilter {
  return {
    source: source === undefined ? undefined : parsePrefix(source),
    destination: destination === undefined ? undefined : parsePrefix(destination),
    sourcePort: sourcePort === undefined ? undefined : Number(sourcePort),
    destinationPort: destinationPort === undefined ? undefined : Number(destinationPort),
  }
}

function isWanted(connection: TrackedConnection, wanted: Wanted): boolean {
  const statuses = wanted.status?.toUpperCase().split(',')
  return (
    (wanted.protocol === undefined || connection.original.protocol === wanted.protocol) &&
    fits(connection.original, wanted.original) &&
    fits(connection.reply, wanted.reply) &&
    (wanted.state === undefined || connection.state === wanted.state.toUpperCase()) &&
    (wanted.mark === undefined || connection.mark === Number(wanted.mark)) &&
    (!statuses?.includes('ASSURED') || connection.isAssured) &&
    (!statuses?.includes('SEEN_REPLY') || connection.hasReply) &&
    (!statuses?.includes('UNREPLIED') || !connection.hasReply) &&
    (!wanted.isSourceTranslated || connection.changesSource) &&
    (!wanted.isDestinationTranslated || connection.changesDestination) &&
    (!wanted.isTranslated || connection.changesSource || connection.changesDestination)
  )
}

function fits(tuple: Tuple, filter: TupleFilter): boolean {
  return (
    (!filter.source || contains(filter.source, tuple.source)) &&
    (!filter.destination || contains(filter.destination, tuple.destination)) &&
    (filter.sourcePort === undefined || tuple.sourcePort === filter.sourcePort) &&
    (filter.destinationPort === undefined || tuple.destinationPort === filter.destinationPort)
  )
}

/** The kernel counts failures per processor; here nothing of the kind ever fails. */
// Simplified: of the counters only `drop` counts, and the first processor does all the work.
async function showStatistics(process: Process): Promise<number> {
  for (let cpu = 0; cpu < 2; cpu++) {
    await process.write(
      `cpu=${cpu}   \tfound=0 invalid=0 insert=0 insert_failed=0 drop=${cpu === 0 ? process.network.connections.dropped : 0} early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0 \n`,
    )
  }
  return 0
}
