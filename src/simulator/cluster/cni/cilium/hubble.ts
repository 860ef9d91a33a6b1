import type { Process, Program } from '../../../machine/program.ts'
import type { PluginControl } from '../plugin.ts'
import { Datapath } from './datapath.ts'
import type { FlowEvent } from './flowLog.ts'
import { filterOf, filterOptions } from './hubble/filter.ts'
import { flowText } from './hubble/flowText.ts'

const shorthands: Readonly<Record<string, string>> = {
  '-n': '--namespace',
  '-f': '--follow',
  '-t': '--type',
  '-o': '--output',
  '-P': '--port-forward',
}
const switches = ['--follow', '--all', '--port-forward', '--no-color']
const valued = ['--last', '--output', '--server', '--color', ...filterOptions]
const usualNumber = 20

/** From where flows are read: the agent's own node, or all nodes through the relay. */
export type FlowSource = (process: Process, isForwarding: boolean) => readonly Datapath[] | string

/** Shows flows between pods with their verdicts. */
export function hubble(control: PluginControl, source: FlowSource): Program {
  return {
    name: 'hubble',
    summary: 'observe the flows of the network',
    async run(process) {
      const [verb, ...words] = process.argv.slice(1)
      if (verb === 'version') {
        await process.write('hubble v1.18.3@HEAD-8629f49 compiled with go1.25.1 on linux/amd64\n')
        return 0
      }
      if (verb !== 'observe' && verb !== 'status') {
        await process.stderr.write(verb === undefined ? usage : `hubble ${verb} is not simulated here\n`)
        return verb === undefined ? 0 : 1
      }
      const options = parse(words)
      if (typeof options === 'string') return refuse(process, options)
      const found = source(process, options.has('--port-forward'))
      if (typeof found === 'string') return refuse(process, found)
      return verb === 'status' ? showStatus(process, control, found) : observe(process, control, found, options)
    },
  }
}

const usage = `Hubble is a utility to observe and inspect recent Cilium routed traffic in a cluster.

Usage:
  hubble [command]

Commands that are simulated here:
  observe     Observe flows and events of a Hubble server
  status      Display status of Hubble server
  version     Display detailed version information
`

async function refuse(process: Process, text: string): Promise<number> {
  await process.stderr.write(`${text}\n`)
  return 1
}

function parse(words: readonly string[]): ReadonlyMap<string, readonly string[]> | string {
  const options = new Map<string, string[]>()
  for (let i = 0; i < words.length; i++) {
    const [word = '', given] = words[i]!.split('=', 2)
    const name = shorthands[word] ?? word
    if (switches.includes(name)) options.set(name, [])
    else if (valued.includes(name)) {
      const value = given ?? words[++i]
      if (value === undefined) return `flag needs an argument: ${word}`
      options.set(name, [...(options.get(name) ?? []), ...value.split(',')])
    } else return word.startsWith('-') ? `unknown flag: ${word}` : `unknown command "${word}" for "hubble observe"`
  }
  return options
}

async function showStatus(process: Process, { clock }: PluginControl, found: readonly Datapath[]): Promise<number> {
  const seen = found.reduce((sum, { flows }) => sum + flows.seen, 0)
  const capacity = 4_095 * found.length
  const kept = found.reduce((sum, { flows }) => sum + flows.events.length, 0)
  const share = ((kept / capacity) * 100).toFixed(2)
  const lines = [
    `Healthcheck (via ${found.length === 1 ? 'unix:///var/run/cilium/hubble.sock' : 'localhost:4245'}): Ok`,
    `Current/Max Flows: ${group(kept)}/${group(capacity)} (${share}%)`,
    `Flows/s: ${(seen / (clock.now / 1000)).toFixed(2)}`,
  ]
  if (found.length > 1) lines.push(`Connected Nodes: ${found.length}/${found.length}`)
  await process.write(`${lines.join('\n')}\n`)
  return 0
}

function group(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

interface Seen {
  readonly event: FlowEvent
  readonly datapath: Datapath
}

async function observe(
  process: Process,
  { epoch }: PluginControl,
  found: readonly Datapath[],
  options: ReadonlyMap<string, readonly string[]>,
): Promise<number> {
  const output = options.get('--output')?.[0] ?? 'compact'
  if (output !== 'compact') return refuse(process, `output ${output} is not simulated here`)
  const isWanted = filterOf(options)
  const line = ({ event, datapath }: Seen) => `${flowText(event, datapath, epoch)}\n`
  const isFollowing = options.has('--follow')
  const number = Number(options.get('--last')?.[0] ?? (isFollowing ? 0 : usualNumber))
  const past = found
    .flatMap(datapath => datapath.flows.events.map(event => ({ event, datapath })))
    .filter(({ event, datapath }) => isWanted(event, datapath))
    .sort((a, b) => inOrder(a.event, b.event))
  const shown = options.has('--all') ? past : number > 0 ? past.slice(-number) : []
  if (shown.length > 0) await process.write(shown.map(line).join(''))
  if (!isFollowing) return 0
  const waiting: string[] = []
  let wake = () => {}
  for (const datapath of found)
    process.onExit(
      datapath.flows.follow(event => {
        if (!isWanted(event, datapath)) return
        waiting.push(line({ event, datapath }))
        wake()
      }),
    )
  for (;;) {
    if (waiting.length > 0) await process.write(waiting.splice(0).join(''))
    await process.wait<void>(ready => {
      wake = () => ready()
    })
  }
}

/** As they happened, also on several nodes within the same moment: a packet is sent before it comes. */
function inOrder(a: FlowEvent, b: FlowEvent): number {
  const last = ({ words }: FlowEvent) => (words === 'to-endpoint' ? 1 : 0)
  return a.at - b.at || a.packet.serial - b.packet.serial || last(a) - last(b)
}

/** Only the node that the process is on: for the command in the agent's pod. */
export const ownNode: FlowSource = process => {
  const datapath = Datapath.of(process.network)
  return datapath?.agent
    ? [datapath]
    : 'failed to connect to \'unix:///var/run/cilium/hubble.sock\': connection error: desc = "transport: Error while dialing: dial unix /var/run/cilium/hubble.sock: connect: no such file or directory"'
}
