import type { HereDoc, Redirect, Redirection } from 'unbash'
import { FileError } from '../fileError.ts'
import { type Descriptor, TextSource } from '../streams.ts'
import { complaintStart } from './complaints.ts'
import { CommandFailure } from './failures.ts'
import type { Interpreter } from './interpreter.ts'
import { openNetworkPath } from './networkRedirection.ts'
import { lineCount, lineOf } from './syntax.ts'
import { wordingOf } from './wording.ts'
import { expandQuoted, expandText, expandWords } from './words.ts'

/** The descriptors of a command whose redirections are done, and how to let go of what was opened for it. */
export interface RedirectedDescriptors {
  readonly table: Map<number, Descriptor>
  release(): void
}

/** Does the redirections of a command in order; undefined after a message when one fails. */
export async function redirect(
  shell: Interpreter,
  redirections: readonly Redirection[],
): Promise<RedirectedDescriptors | undefined> {
  const table = new Map(shell.process.descriptors)
  const opened: Descriptor[] = []
  const release = () => {
    for (const descriptor of opened) descriptor.release()
  }
  try {
    for (const redirection of redirections) await apply(shell, redirection, table, opened)
    return { table, release }
  } catch (error) {
    release()
    if (error instanceof CommandFailure && !error.isFatal) {
      await shell.complain(wordingOf(shell.dialect, error))
      return undefined
    }
    throw error
  }
}

/** Runs something in this process with redirections that end afterwards; false when one of them fails. */
export async function withRedirections(
  shell: Interpreter,
  redirections: readonly Redirection[],
  run: () => Promise<void>,
): Promise<boolean> {
  if (redirections.length === 0) {
    await run()
    return true
  }
  const redirected = await redirect(shell, redirections)
  if (!redirected) return false
  const { descriptors } = shell.process
  const before = new Map(descriptors)
  replaceAll(descriptors, redirected.table)
  const after = new Map(descriptors)
  try {
    await run()
  } finally {
    if (shell.process.state !== 'ended') {
      keepChanges(before, after, descriptors)
      replaceAll(descriptors, before)
    }
    redirected.release()
  }
  return true
}

/** Makes a process' descriptors those of a command: for good, as `exec` does. */
export function adopt(shell: Interpreter, redirected: RedirectedDescriptors): void {
  const { descriptors } = shell.process
  for (const descriptor of redirected.table.values()) descriptor.retain()
  for (const descriptor of descriptors.values()) descriptor.release()
  replaceAll(descriptors, redirected.table)
  redirected.release()
}

/** What `exec` changed inside the redirected part (`{ exec 3>x; } >y`) stays. */
function keepChanges(
  before: Map<number, Descriptor>,
  start: ReadonlyMap<number, Descriptor>,
  end: ReadonlyMap<number, Descriptor>,
): void {
  for (const [number, descriptor] of end) if (start.get(number) !== descriptor) before.set(number, descriptor)
  for (const number of start.keys()) if (!end.has(number)) before.delete(number)
}

function replaceAll(target: Map<number, Descriptor>, source: ReadonlyMap<number, Descriptor>): void {
  target.clear()
  for (const [number, descriptor] of source) target.set(number, descriptor)
}

async function apply(
  shell: Interpreter,
  redirection: Redirection,
  table: Map<number, Descriptor>,
  opened: Descriptor[],
): Promise<void> {
  if (redirection.type === 'HereDoc') {
    if (!redirection.closing) await warnOfOpenDocument(shell, redirection)
    const source = new TextSource(await hereDocument(shell, redirection))
    return put(shell, redirection, source, 0, table)
  }
  if (redirection.type === 'HereString') {
    const text = redirection.target ? await expandText(shell, redirection.target) : ''
    return put(shell, redirection, new TextSource(`${text}\n`), 0, table)
  }
  const target = await targetOf(shell, redirection)
  const { operator } = redirection
  const isBoth = operator === '&>' || operator === '&>>' || isOutputToBoth(redirection, target)
  if ((operator === '>&' || operator === '<&') && !isBoth) return duplicate(shell, redirection, target, table)
  const descriptor = (await openNetworkPath(shell, target)) ?? open(shell, operator, target)
  opened.push(descriptor)
  if (isBoth) {
    table.set(1, descriptor)
    table.set(2, descriptor)
  } else put(shell, redirection, descriptor, operator.startsWith('<') ? 0 : 1, table)
}

function put(
  shell: Interpreter,
  { descriptor }: Redirection,
  opened: Descriptor,
  usual: number,
  table: Map<number, Descriptor>,
): void {
  if (descriptor?.type !== 'FileDescriptorVariable') {
    table.set(descriptor?.value ?? usual, opened)
    return
  }
  let number = 10
  while (table.has(number)) number++
  opened.retain()
  table.set(number, opened)
  shell.process.descriptors.set(number, opened)
  shell.assign(descriptor.name, String(number))
}

/** `2>&1`, `3<&-`, `4>&3-`. */
function duplicate(shell: Interpreter, redirection: Redirect, target: string, table: Map<number, Descriptor>): void {
  const usual = redirection.operator === '<&' ? 0 : 1
  const number =
    redirection.descriptor?.type === 'FileDescriptorVariable'
      ? Number(shell.variables.get(redirection.descriptor.name))
      : (redirection.descriptor?.value ?? usual)
  if (target === '-') {
    table.delete(number)
    return
  }
  const match = /^(\d+)(-?)$/.exec(target)
  if (!match) throw new CommandFailure(`${target}: ambiguous redirect`)
  const descriptor = table.get(Number(match[1]))
  if (!descriptor)
    throw new CommandFailure(badDescriptor(shell, match[1]!), { status: shell.dialect === 'bash' ? 1 : 2 })
  if (redirection.descriptor?.type === 'FileDescriptorVariable') put(shell, redirection, descriptor, usual, table)
  else table.set(number, descriptor)
  if (match[2] === '-') table.delete(Number(match[1]))
}

function open(shell: Interpreter, operator: Redirect['operator'], target: string): Descriptor {
  const { process } = shell
  try {
    switch (operator) {
      case '<':
        return process.open(target, { read: true })
      case '<>':
        return process.open(target, { read: true, write: true, create: true })
      case '>>':
      case '&>>':
        return process.open(target, { write: true, create: true, append: true })
      default: {
        const isKept = shell.options.has('noclobber') && operator !== '>|'
        if (isKept && process.files.find(process.path(target))?.kind === 'file') {
          throw new CommandFailure(`${target}: cannot overwrite existing file`)
        }
        return process.open(target, { write: true, create: true, truncate: true })
      }
    }
  } catch (error) {
    throw error instanceof FileError ? new CommandFailure(openFailure(shell, operator, target, error)) : error
  }
}

function openFailure(shell: Interpreter, operator: Redirect['operator'], target: string, error: FileError): string {
  if (shell.dialect === 'bash') return `${target}: ${error.text}`
  const isReading = operator === '<'
  const isAsh = shell.dialect === 'ash'
  const verb = `${isAsh ? "can't" : 'cannot'} ${isReading ? 'open' : 'create'} ${target}: `
  if (error.code !== 'ENOENT') return verb + error.text
  if (isReading) return `${verb}${isAsh ? 'no such file' : 'No such file'}`
  return `${verb}${isAsh ? 'nonexistent directory' : 'Directory nonexistent'}`
}

function badDescriptor(shell: Interpreter, number: string): string {
  return shell.dialect === 'ash' ? `${number}: Bad file descriptor` : `${number}: Bad file descriptor`
}

async function targetOf(shell: Interpreter, redirection: Redirect): Promise<string> {
  const word = redirection.target
  if (!word) return ''
  if (shell.dialect !== 'bash') return expandText(shell, word)
  const targets = await expandWords(shell, [word])
  if (targets.length === 1) return targets[0]!
  throw new CommandFailure(`${word.text}: ambiguous redirect`)
}

/** `>&file` is `&>file` when the target is no number. */
function isOutputToBoth(redirection: Redirect, target: string): boolean {
  return redirection.operator === '>&' && redirection.descriptor === undefined && !/^(\d+-?|-)$/.test(target)
}

/** A here-document whose end never comes ends with the input. */
async function warnOfOpenDocument(shell: Interpreter, { pos, delimiter }: HereDoc): Promise<void> {
  if (shell.dialect !== 'bash') return
  const line = shell.source.firstLine + lineOf(shell.source.text, pos) - 1
  const problem = `warning: here-document at line ${line} delimited by end-of-file (wanted \`${delimiter?.value ?? ''}')`
  const last = shell.source.firstLine + lineCount(shell.source.text) - 1
  await shell.process.stderr.write(`${complaintStart(shell).replace(/line \d+/, `line ${last}`)}${problem}\n`)
}

async function hereDocument(shell: Interpreter, { delimiter, body, operator, closing }: HereDoc): Promise<string> {
  const ending = closing || body.text === '' || body.text.endsWith('\n') ? '' : '\n'
  const text = (operator === '<<-' ? body.text.replace(/^\t+/gm, '') : body.text) + ending
  if (delimiter?.quoted) return text
  if (!body.parts) {
    return expandQuoted(shell, [{ type: 'Literal', text, value: text, pos: 0, end: text.length }])
  }
  if (operator === '<<') return (await expandQuoted(shell, body.parts)) + ending
  const parts = body.parts.map((part, index) =>
    part.type === 'Literal' ? { ...part, text: part.text.replace(index === 0 ? /^\t+/gm : /(?<=\n)\t+/g, '') } : part,
  )
  return (await expandQuoted(shell, parts)) + ending
}
