import { DescriptorReader, isInput } from '../../descriptors.ts'
import { editingMode } from '../../terminal.ts'
import { type Builtin, badOption, complain, parseOptions } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'
import { readText } from '../lineReader.ts'
import { isName } from '../variables.ts'

/** `read`. */
export const read: Builtin = {
  name: 'read',
  usage: '[-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]',
  summary: 'Read a line from the standard input and split it into fields.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'ersa:d:i:n:N:p:t:u:')
    if (unknown) return badOption(shell, read, unknown)
    const bad = rest.find(name => !isName(name.replace(/\[.*\]$/, '')))
    if (bad !== undefined) return complain(shell, 'read', `\`${bad}': not a valid identifier`)
    const { process } = shell
    const number = Number(options.get('u') ?? 0)
    if (!isInput(process.descriptors.get(number))) {
      return complain(shell, 'read', `${number}: invalid file descriptor: Bad file descriptor`)
    }
    const reader = new DescriptorReader(process, number)
    const terminal = reader.terminal
    const prompt = options.get('p')
    if (prompt !== undefined && terminal) await process.stderr.write(prompt)
    const mode = terminal?.mode
    const takesKeys = options.has('n') || options.has('N') || options.has('d')
    if (terminal && mode && (options.has('s') || takesKeys)) {
      terminal.setMode({
        ...(takesKeys ? editingMode : mode),
        isEchoing: !options.has('s'),
        sendsSignals: true,
        mapsReturn: true,
      })
    }
    try {
      const count = options.get('N') ?? options.get('n')
      const reading = readText(reader, {
        isRaw: options.has('r'),
        isExact: options.has('N'),
        ...(options.has('d') ? { delimiter: options.get('d')!.slice(0, 1) || '\0' } : {}),
        ...(count === undefined ? {} : { characters: Number(count) }),
      })
      const result = await inTime(shell, reading, options.get('t'))
      if (result === undefined) return 142
      assignFields(shell, result.text, rest, options)
      return result.isEnd ? 1 : 0
    } finally {
      if (terminal && mode) terminal.setMode(mode)
    }
  },
}

class TimedOut extends Error {}

/** Gives undefined when reading takes longer than `-t` allows. */
async function inTime<T>(shell: Interpreter, reading: Promise<T>, limit: string | undefined): Promise<T | undefined> {
  if (limit === undefined) return reading
  const { process } = shell
  const timer = process.kernel.clock.after(Number(limit) * 1000, () => process.interruptWaits(new TimedOut()))
  try {
    return await reading
  } catch (error) {
    if (error instanceof TimedOut) return undefined
    throw error
  } finally {
    timer.cancel()
  }
}

function assignFields(
  shell: Interpreter,
  text: string,
  names: readonly string[],
  options: ReadonlyMap<string, string>,
): void {
  const separators = shell.separators
  const isRaw = options.has('r')
  const list = options.get('a')
  if (list !== undefined) {
    const fields = splitFields(text, separators, Number.POSITIVE_INFINITY, isRaw)
    return shell.variables.setList(list, fields)
  }
  if (options.has('N')) return shell.assign(names[0] ?? 'REPLY', text)
  if (names.length === 0) return shell.assign('REPLY', isRaw ? text : withoutBackslashes(text))
  const fields = splitFields(text, separators, names.length, isRaw)
  for (const [index, name] of names.entries()) shell.assign(name, fields[index] ?? '')
}

/** Splits a line at IFS; the last field takes what is left, without white space at its end. */
function splitFields(text: string, separators: string, count: number, isRaw: boolean): string[] {
  const isSpace = (character: string | undefined) =>
    character !== undefined && ' \t\n'.includes(character) && separators.includes(character)
  const fields: string[] = []
  let at = 0
  while (isSpace(text[at])) at++
  while (at < text.length) {
    if (fields.length === count - 1) {
      fields.push(lastField(text.slice(at), separators, isSpace))
      break
    }
    let end = at
    while (end < text.length && !separators.includes(text[end]!)) end += !isRaw && text[end] === '\\' ? 2 : 1
    fields.push(text.slice(at, end))
    at = end
    while (isSpace(text[at])) at++
    if (at < text.length && separators.includes(text[at]!)) at++
    while (isSpace(text[at])) at++
  }
  return isRaw ? fields : fields.map(withoutBackslashes)
}

/** A single separator that is no space at the very end belongs to no field. */
function lastField(rest: string, separators: string, isSpace: (character: string | undefined) => boolean): string {
  let end = rest.length
  while (end > 0 && isSpace(rest[end - 1])) end--
  const trimmed = rest.slice(0, end)
  const last = trimmed.at(-1)
  const others = [...trimmed.slice(0, -1)].some(character => separators.includes(character) && !isSpace(character))
  return last !== undefined && separators.includes(last) && !others ? trimmed.slice(0, -1) : trimmed
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1')
}
