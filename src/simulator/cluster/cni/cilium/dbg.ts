import type { Process, Program } from '../../../machine/program.ts'
import type { PluginControl } from '../plugin.ts'
import { Datapath } from './datapath.ts'
import type { DbgCommand } from './dbg/command.ts'
import { dbgCommands } from './dbg/registry.ts'
import { version } from './images.ts'
import { settingsOf } from './settings.ts'

/** Asks the agent of a node and reads the maps of its kernel: the command inside the agent's pod. */
export function ciliumDbg(control: PluginControl): Program {
  return {
    name: 'cilium-dbg',
    summary: 'CLI for interacting with the local Cilium Agent',
    run: process => runDbg(process, control),
  }
}

async function runDbg(process: Process, control: PluginControl): Promise<number> {
  const words = process.argv.slice(1)
  if (words[0] === 'build-config') return buildConfig(process, control)
  if (words[0] === 'version') {
    const text = `${version.slice(1)} 2025-11-12T10:00:00+00:00 go version go1.24.10 linux/amd64`
    await process.write(`Client: ${text}\nDaemon: ${text}\n`)
    return 0
  }
  if (words.length === 0 || words.includes('--help') || words.includes('-h')) {
    await process.write(helpText())
    return 0
  }
  const found = find(words)
  if (!found) {
    await process.stderr.write(
      `cilium-dbg ${words.filter(word => !word.startsWith('-')).join(' ')} is not simulated here\n`,
    )
    return 1
  }
  const { command, rest } = found
  const parsed = parse(command, rest)
  if (typeof parsed === 'string') {
    await process.stderr.write(`Error: ${parsed}\n`)
    return 1
  }
  const datapath = Datapath.of(process.network)
  if (!datapath || (!datapath.agent && !command.words[0]!.startsWith('bpf'))) {
    const path = command.words[0]!.split(' ')[0] === 'status' ? 'healthz' : command.words[0]!.split(' ')[0]
    await process.stderr.write(
      `Error: Get "http://localhost/v1/${path}": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory\nIs the agent running?\n`,
    )
    return 1
  }
  return command.run({ process, datapath, ...parsed })
}

/** The command with the most words that the line begins with. */
function find(
  words: readonly string[],
): { readonly command: DbgCommand; readonly rest: readonly string[] } | undefined {
  const plain = words.map(word => abbreviations[word] ?? word)
  let best: { command: DbgCommand; rest: readonly string[]; length: number } | undefined
  for (const command of dbgCommands)
    for (const name of command.words) {
      const parts = name.split(' ')
      if (parts.length > (best?.length ?? 0) && parts.every((part, index) => plain[index] === part))
        best = { command, rest: words.slice(parts.length), length: parts.length }
    }
  return best
}

const abbreviations: Readonly<Record<string, string>> = {
  ep: 'endpoint',
  endpoints: 'endpoint',
  svc: 'service',
  ls: 'list',
}

function parse(
  { flags = [] }: DbgCommand,
  words: readonly string[],
): { operands: string[]; options: Map<string, string> } | string {
  const operands: string[] = []
  const options = new Map<string, string>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.startsWith('-') || word === '-') {
      operands.push(word)
      continue
    }
    const [name = '', value] = word.split('=', 2)
    if (flags.includes(`${name}=`)) {
      const given = value ?? words[++i]
      if (given === undefined) return `flag needs an argument: ${name}`
      options.set(name, given)
    } else if (flags.includes(name)) options.set(name, value ?? '')
    else if (name.startsWith('--')) return `unknown flag: ${name}`
    else return `unknown shorthand flag: '${name[1]}' in ${word}`
  }
  return { operands, options }
}

function helpText(): string {
  const lines = dbgCommands.map(({ words, summary }) => `  cilium-dbg ${words[0]!.padEnd(22)} ${summary}\n`)
  return `CLI for interacting with the local Cilium Agent\n\nUsage:\n  cilium-dbg [command]\n\nCommands that are simulated here:\n${lines.join('')}`
}

/** Writes the settings into files for the agent. */
function buildConfig(process: Process, control: PluginControl): number {
  const settings = settingsOf(control.client('system:serviceaccount:kube-system:cilium'))
  process.files.mkdir('/tmp/cilium/config-map', { parents: true })
  for (const [name, value] of Object.entries(settings)) process.files.writeText(`/tmp/cilium/config-map/${name}`, value)
  return 0
}
