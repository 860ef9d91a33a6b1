import type { Process, Program } from '../program.ts'
import { UsageError } from '../program.ts'
import { quotedName } from '../quoting.ts'
import { mayEnd } from '../signalRights.ts'
import { findSignal, type Signal, signals } from '../signals.ts'

/** Sends signals to processes, for those who call it by its path or without a shell. */
export const kill: Program = {
  name: 'kill',
  summary: 'send a signal to a process',
  package: 'procps-ng 4.0.2',
  usage: '[options] <pid> [...]',
  options: [
    { short: 's', long: 'signal', value: '<signal>', help: 'specify the <signal> to be sent' },
    { short: 'l', long: 'list', value: '[<signal>]', help: 'list all signal names, or convert one to a name' },
    { short: 'L', long: 'table', help: 'list all signal names in a nice table' },
  ],
  busybox: { usage: '[-l] [-SIG] PID...' },
  async run(process) {
    const words = process.argv.slice(1)
    if (words.length === 0) throw new UsageError(usage(process), 1, true)
    if (/^-(l|L|-list|-table)$/.test(words[0]!)) return list(process, words.slice(1))
    const signal = takeSignal(process, words)
    if (words[0] === '--') words.shift()
    if (words.length === 0) throw new UsageError(usage(process), 1, true)
    let status = 0
    for (const word of words) {
      const complaint = send(process, word, signal)
      if (complaint !== undefined) status = await process.fail(complaint)
    }
    return status
  },
}

function usage({ flavour }: Process): string {
  if (flavour === 'busybox') return 'kill: you need to specify whom to kill'
  return '\nUsage:\n kill [options] <pid> [...]\n\nOptions:\n <pid> [...]            send signal to every <pid> listed\n -<signal>, -s, --signal <signal>\n                        specify the <signal> to be sent\n -l, --list=[<signal>]  list all signal names, or convert one to a name\n -L, --table            list all signal names in a nice table\n\nFor more details see kill(1).'
}

/** Takes `-9`, `-TERM`, `-s TERM` or `--signal=TERM` from the front of the words. */
function takeSignal(process: Process, words: string[]): Signal {
  const first = words[0]!
  let name: string | undefined
  if (first === '-s' || first === '--signal') name = words.splice(0, 2)[1]
  else if (first.startsWith('--signal=')) name = words.shift()!.slice('--signal='.length)
  else if (/^-s./.test(first) && !findSignal(first.slice(1))) name = words.shift()!.slice(2)
  else if (/^-[A-Za-z0-9]/.test(first)) name = words.shift()!.slice(1)
  if (name === undefined) return findSignal('TERM')!
  if (name === '0') return { number: 0, name: '0', action: 'ignore', text: '' }
  const signal = findSignal(name)
  if (signal) return signal
  throw new UsageError(
    process.flavour === 'busybox' ? `bad signal name '${name}'` : `unknown signal name ${name}${usage(process)}`,
  )
}

function send(process: Process, word: string, signal: Signal): string | undefined {
  const isBusybox = process.flavour === 'busybox'
  if (!/^-?\d+$/.test(word))
    return isBusybox ? `invalid number '${word}'` : `failed to parse argument: ${quotedName(word)}`
  const pid = Number(word)
  const { processes } = process.machine
  const targets =
    pid < 0
      ? [...processes.values()].filter(each => each.group === -pid)
      : [processes.get(pid)].flatMap(each => each ?? [])
  const shown = isBusybox ? `can't kill pid ${pid}` : `(${pid})`
  if (targets.length === 0) return `${shown}: No such process`
  for (const target of targets) {
    if (!mayEnd(process, target)) return `${shown}: Operation not permitted`
    if (signal.number > 0) target.kill(signal.name, process)
  }
  return undefined
}

async function list(process: Process, words: readonly string[]): Promise<number> {
  if (words.length === 0) {
    const numbered = signals.map(({ number, name }) => `${String(number).padStart(2)}) ${name.slice(3)}\n`)
    await process.write(process.flavour === 'busybox' ? numbered.join('') : nameLines())
    return 0
  }
  for (const word of words) {
    const number = Number(word)
    const signal = findSignal(number > 128 ? String(number - 128) : word)
    if (!signal) return process.fail(`unknown signal name ${word}`)
    await process.write(`${/^\d+$/.test(word) ? signal.name.slice(3) : signal.number}\n`)
  }
  return 0
}

/** All names, in lines of a screen's width; SIGIO goes by its other name. */
function nameLines(): string {
  const lines = ['']
  for (const { name } of signals) {
    const word = name === 'SIGIO' ? 'POLL' : name.slice(3)
    const line = lines[lines.length - 1]!
    if (line.length + 1 + word.length > 79) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return `${lines.join('\n')}\n`
}
