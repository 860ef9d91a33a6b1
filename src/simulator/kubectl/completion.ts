import type { Process } from '../machine/program.ts'
import type { ArgumentCompletion, Command } from './command.ts'
import { findCommand } from './commandTree.ts'
import { Failure } from './failure.ts'
import type { Completion, Flags } from './flags/flag.ts'
import { globalFlags } from './flags/global.ts'
import { FlagError, parseFlags, wordsWithoutFlags } from './flags/parse.ts'
import { Invocation, type Lab } from './invocation.ts'
import { commands } from './verbs/registry.ts'

/** What Tab offers for the last word of a command line, which begins after `kubectl`. */
export async function completeWords(process: Process, lab: Lab, words: readonly string[]): Promise<string[]> {
  const word = words.at(-1) ?? ''
  const globals = globalFlags(process.env.get('HOME') ?? process.user.home)
  const { command, path, words: rest } = findCommand(words.slice(0, -1), globals)
  const flags: Flags = { ...globals, ...command?.flags }
  const [, flag, typed] = /^--([\w-]+)=(.*)$/s.exec(word) ?? []
  const before = flagAwaitingValue(flags, words.at(-2))
  if (word.startsWith('-') && flag === undefined)
    return Object.keys(flags)
      .filter(name => !flags[name]?.hidden)
      .map(name => `--${name}`)
      .filter(name => name.startsWith(word))
      .sort()
  const isValue = flag !== undefined || before !== undefined
  if (!command && !isValue) return namesOf(commands).filter(name => name.startsWith(word))
  if (command?.commands && !isValue) return namesOf(command.commands).filter(name => name.startsWith(word))
  try {
    const parsed = parseFlags(flags, isValue && flag === undefined ? rest.slice(0, -1) : rest)
    const invocation = new Invocation(process, lab, path, parsed)
    if (isValue) {
      const values = await valuesOf(invocation, flags[flag ?? before!]?.complete)
      const start = flag === undefined ? '' : `--${flag}=`
      return values.filter(value => value.startsWith(typed ?? word)).map(value => start + value)
    }
    const offered = await argumentsOf(invocation, command?.complete, wordsWithoutFlags(flags, rest), word)
    return offered.filter(each => each.startsWith(word))
  } catch (error) {
    // A command line that makes no sense so far, or a server that does not answer, has nothing to offer.
    if (error instanceof FlagError || error instanceof Failure) return []
    throw error
  }
}

function namesOf(all: readonly Command[]): string[] {
  return all
    .filter(each => !each.hidden)
    .map(({ name }) => name)
    .sort()
}

/** The flag whose value comes next: `-n` and `--namespace` without `=`. */
function flagAwaitingValue(flags: Flags, word: string | undefined): string | undefined {
  const [, long, short] = /^(?:--([\w-]+)|-(\w))$/.exec(word ?? '') ?? []
  const name = long ?? (short && Object.keys(flags).find(each => flags[each]?.short === short))
  return name && flags[name] && flags[name].bare === undefined ? name : undefined
}

async function argumentsOf(
  invocation: Invocation,
  kind: ArgumentCompletion | undefined,
  given: readonly string[],
  word: string,
): Promise<readonly string[]> {
  const [first] = given
  switch (kind) {
    case 'resource': {
      if (first === undefined && word.includes('/')) {
        const type = word.slice(0, word.indexOf('/'))
        return (await objectNames(invocation, type)).map(name => `${type}/${name}`)
      }
      return first === undefined ? typeNames(invocation) : first.includes('/') ? [] : objectNames(invocation, first)
    }
    case 'resource-types':
      return first === undefined ? typeNames(invocation) : []
    case 'pod':
      return first === undefined ? objectNames(invocation, 'pods') : []
    case 'node':
      return objectNames(invocation, 'nodes')
    case 'command':
      return namesOf(commands)
    default:
      return first === undefined ? valuesOf(invocation, kind) : []
  }
}

async function valuesOf(invocation: Invocation, kind: Completion | undefined): Promise<readonly string[]> {
  if (kind === 'namespace') return objectNames(invocation, 'namespaces')
  if (kind === 'file') return invocation.process.files.list(invocation.process.cwd).sort()
  return Array.isArray(kind) ? kind : []
}

async function typeNames(invocation: Invocation): Promise<string[]> {
  const { all } = await invocation.resources()
  return [...new Set(all.map(({ plural, group }) => (isUsual(group) ? plural : `${plural}.${group}`)))].sort()
}

/** Groups whose types are offered by their plain names, as kubectl does for what no other group has. */
function isUsual(group: string): boolean {
  return group !== 'events.k8s.io'
}

async function objectNames(invocation: Invocation, type: string): Promise<string[]> {
  const resource = (await invocation.resources()).findNamed(type)
  if (!resource) return []
  const { items } = await invocation.api.list(resource, resource.namespaced ? invocation.namespace : undefined)
  return items.map(({ metadata }) => metadata.name ?? '').sort()
}
