import type { NetworkInterface } from '../../network/interface.ts'
import { Netem } from '../../network/netem.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import type { Process, Program } from '../program.ts'
import { netemText, readNetem, TcError } from './tc/netem.ts'

const usage = `Usage:	tc [ OPTIONS ] OBJECT { COMMAND | help }
	tc [-force] -batch filename
where  OBJECT := { qdisc | class | filter | chain |
		    action | monitor | exec }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -r[aw] |
		    -o[neline] | -j[son] | -p[retty] | -c[olor]
		    -b[atch] [filename] | -n[etns] name | -N[umeric] |
		     -nm | -nam[es] | { -cf | -conf } path
		     -br[ief] }
`

/** Makes interfaces slow and lossy: the discipline `netem` at their root. */
// Simplified: of the queueing disciplines there is netem, of what tc can set up only disciplines at an interface's root.
export const tc: Program = {
  name: 'tc',
  summary: 'show / manipulate traffic control settings',
  usage: '[ OPTIONS ] OBJECT { COMMAND | help }',
  package: 'iproute2-6.1.0, libbpf 1.1.2',
  options: [
    { short: 's', long: 'statistics', help: 'show what has passed' },
    { short: 'd', long: 'details', help: 'show more' },
  ],
  async run(process) {
    try {
      return await run(process, process.argv.slice(1))
    } catch (error) {
      if (!(error instanceof TcError)) throw error
      await process.stderr.write(error.message.endsWith('\n') ? error.message : `${error.message}\n`)
      return error.status
    }
  },
}

async function run(process: Process, words: readonly string[]): Promise<number> {
  let hasStatistics = false
  let at = 0
  for (; words[at]?.startsWith('-'); at++) {
    const word = words[at]!.replace(/^--?/, '')
    if ('statistics'.startsWith(word)) hasStatistics = true
    else if (word === 'V' || word === 'Version') {
      await process.write('tc utility, iproute2-6.1.0, libbpf 1.1.2\n')
      return 0
    } else if (!'details'.startsWith(word)) throw new TcError(`Option "${words[at]}" is unknown, try "tc -help".`, 255)
  }
  const [object, command = 'show', ...rest] = words.slice(at)
  if (object === undefined || 'help'.startsWith(object)) {
    await process.stderr.write(usage)
    return object === undefined ? 255 : 0
  }
  if (['class', 'filter', 'chain', 'action', 'monitor', 'exec'].some(each => each.startsWith(object)))
    throw new TcError(`tc: "tc ${object}" is not simulated here`)
  if (!'qdisc'.startsWith(object)) throw new TcError(`Object "${object}" is unknown, try "tc help".`)
  if (['show', 'list', 'ls', 'get'].some(each => each.startsWith(command))) return show(process, rest, hasStatistics)
  const verb = ['add', 'change', 'replace', 'delete'].find(each => each.startsWith(command))
  if (!verb) throw new TcError(`Command "${command}" is unknown, try "tc qdisc help".`)
  return change(process, verb, rest)
}

async function show(process: Process, words: readonly string[], hasStatistics: boolean): Promise<number> {
  const rest = words.filter(word => word !== 'root')
  if (rest.length > 0 && rest[0] !== 'dev') throw new TcError(`What is "${rest[0]}"? Try "tc qdisc help".`)
  const only = rest.length > 0 ? linkCalled(process, rest[1]) : undefined
  const links = only ? [only] : process.network.interfaces
  for (const link of links) {
    if (!link.hasBeenUp && !link.queue) {
      if (only) await process.write(`qdisc noop 0: root refcnt 2 \n`)
      continue
    }
    const dev = only ? '' : `dev ${link.name} `
    const { queue } = link
    await process.write(
      queue
        ? `qdisc netem ${queue.handle.toString(16)}: ${dev}root refcnt 2${netemText(queue.settings)}\n`
        : `qdisc noqueue 0: ${dev}root refcnt 2 \n`,
    )
    if (!hasStatistics) continue
    const counters = queue?.counters ?? { bytes: 0, packets: 0, dropped: 0, waiting: 0, waitingBytes: 0 }
    await process.write(
      ` Sent ${counters.bytes} bytes ${counters.packets} pkt (dropped ${counters.dropped}, overlimits 0 requeues 0) \n` +
        ` backlog ${counters.waitingBytes}b ${counters.waiting}p requeues 0\n`,
    )
  }
  return 0
}

function change(process: Process, verb: string, words: readonly string[]): number {
  const rest = [...words]
  let link: NetworkInterface | undefined
  let isRoot = false
  let handle: number | undefined
  while (rest.length > 0) {
    const word = rest[0]!
    if (word === 'dev') {
      link = linkCalled(process, rest[1])
      rest.splice(0, 2)
    } else if (word === 'root') {
      isRoot = true
      rest.shift()
    } else if (word === 'handle') {
      handle = Number.parseInt(rest[1] ?? '', 16)
      if (!/^[\da-f]{1,4}:$/i.test(rest[1] ?? ''))
        throw new TcError(`Error: argument "${rest[1]}" is wrong: invalid qdisc ID`, 255)
      rest.splice(0, 2)
    } else if (word === 'parent' || word === 'ingress' || word === 'clsact') {
      throw new TcError(`tc: "tc qdisc ${verb} … ${word}" is not simulated here`)
    } else break
  }
  const [kind, ...settings] = rest
  if (!link) throw new TcError('Device is required', 255)
  if (!mayAdministerNetwork(process.user)) throw new TcError('RTNETLINK answers: Operation not permitted', 2)
  if (verb === 'delete') {
    if (!isRoot) throw new TcError('RTNETLINK answers: No such file or directory', 2)
    if (!link.queue) throw new TcError('Error: Cannot delete qdisc with handle of zero.', 2)
    if (kind !== undefined && kind !== 'netem') throw new TcError('Error: Invalid qdisc name.', 2)
    link.queue = undefined
    return 0
  }
  if (kind === undefined || !isRoot) throw new TcError('Error: Qdisc kind not specified.', 2)
  if (kind !== 'netem')
    throw new TcError(known.has(kind) ? `tc: qdisc ${kind} is not simulated here` : unknownKind(kind, settings[0]))
  const netem = readNetem(settings)
  const old = link.queue
  if (verb === 'add' && old) throw new TcError('Error: Exclusivity flag on, cannot modify.', 2)
  if (verb === 'change' && !old) throw new TcError('Error: Qdisc not found. To create specify NLM_F_CREATE flag.', 2)
  if (old) old.settings = verb === 'change' ? { ...old.settings, ...netem } : netem
  else {
    const { clock, random } = process.network
    link.queue = new Netem(handle ?? nextHandle(process), netem, clock, random.fork(`netem ${link.name}`))
  }
  return 0
}

const known: ReadonlySet<string> = new Set([
  'tbf',
  'htb',
  'fq',
  'fq_codel',
  'pfifo',
  'pfifo_fast',
  'bfifo',
  'sfq',
  'prio',
  'cake',
  'noqueue',
])

function unknownKind(kind: string, option: string | undefined): string {
  if (option === undefined) return `Error: Specified qdisc kind is unknown.`
  return `Unknown qdisc "${kind}", hence option "${option}" is unparsable`
}

/** The kernel gives handles from 8001: on. */
function nextHandle({ network }: Process): number {
  return Math.max(0x8000, ...network.interfaces.map(({ queue }) => queue?.handle ?? 0)) + 1
}

function linkCalled({ network }: Process, name = ''): NetworkInterface {
  const link = network.interface(name)
  if (!link) throw new TcError(`Cannot find device "${name}"`)
  return link
}
