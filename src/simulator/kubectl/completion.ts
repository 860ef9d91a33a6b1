import type { Process } from '../machine/program.ts'
import type { ArgumentCompletion, Command } from './command.ts'
import { findCommand } from './commandTree.ts'
import { Failure } from './failure.ts'
import type { Completion, Flags } from './flags/flag.ts'
import { globalFlags } from './flags/global.ts'
import { FlagError, type ParsedFlags, parseFlags, wordsWithoutFlags } from './flags/parse.ts'
import { Invocation, type Lab } from './invocation.ts'
import { commands } from './verbs/registry.ts'

/** One word that could stand here, and what it is for. */
export interface Candidate {
  readonly text: string
  readonly about?: string
}

/** What the shell is to do with the candidates (github.com/spf13/cobra, ShellCompDirective). */
export type Directive = 'Default' | 'NoSpace' | 'NoFileComp' | 'FilterFileExt'

/** What Tab offers for the last word of a command line. */
export interface Offer {
  readonly candidates: readonly Candidate[]
  readonly directives: readonly Directive[]
}

const manifestFiles: Offer = {
  candidates: ['json', 'yaml', 'yml'].map(text => ({ text })),
  directives: ['FilterFileExt'],
}
const files: Offer = { candidates: [], directives: ['Default'] }

/** Types of objects that stand for pods where a pod is wanted. */
const podTypes = [
  'daemonsets',
  'deployments',
  'pods',
  'jobs',
  'replicasets',
  'replicationcontrollers',
  'services',
  'statefulsets',
]

/** What Tab offers for the last word of a command line, which begins after `kubectl`. */
export async function offerFor(process: Process, lab: Lab, words: readonly string[]): Promise<Offer> {
  const word = words.at(-1) ?? ''
  const globals = globalFlags(process.env.get('HOME') ?? process.user.home)
  const { command, path, words: rest } = findCommand(words.slice(0, -1), globals)
  if (!command && wordsWithoutFlags(globals, rest).length > 0) return files
  const flags: Flags = { ...globals, ...command?.flags }
  const [, flag, typed] = /^--([\w-]+)=(.*)$/s.exec(word) ?? []
  const before = flagAwaitingValue(flags, words.at(-2))
  const isValue = flag !== undefined || before !== undefined
  try {
    const parsed = parseFlags(flags, isValue && flag === undefined ? rest.slice(0, -1) : rest)
    const invocation = new Invocation(process, lab, path, parsed, command?.flags)
    if (isValue) return startingWith(typed ?? word, await valuesOf(invocation, flags[flag ?? before!]?.complete))
    const required = requiredFlags(command, flags, parsed)
    if (word.startsWith('-')) {
      const names =
        required.length > 0
          ? required
          : command
            ? [...flagsOf(globals, parsed), ...flagsOf(ownFlags(command), parsed)]
            : flagsOf({ ...globals, ...ownFlags(command) }, parsed)
      return startingWith(word, { candidates: names, directives: ['NoFileComp'] })
    }
    if (!command || command.commands) return startingWith(word, subcommandsOf(command?.commands ?? commands))
    const args = wordsWithoutFlags(flags, rest)
    const offer = await argumentsOf(invocation, command.complete, args, word)
    return startingWith(word, { ...offer, candidates: [...required, ...offer.candidates] })
  } catch (error) {
    // A command line that makes no sense so far, or a server that does not answer, has nothing to offer.
    if (error instanceof FlagError || error instanceof Failure) return { candidates: [], directives: ['NoFileComp'] }
    throw error
  }
}

function startingWith(word: string, { candidates, directives }: Offer): Offer {
  if (directives.includes('FilterFileExt')) return { candidates, directives }
  return { candidates: candidates.filter(({ text }) => text.startsWith(word)), directives }
}

function subcommandsOf(all: readonly Command[]): Offer {
  const candidates = all
    .filter(each => !each.hidden || each.name === 'help' || each.name === 'options')
    .map(({ name, summary }) => ({ text: name, about: summary }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
  return { candidates, directives: ['NoFileComp'] }
}

function ownFlags(command: Command | undefined): Flags {
  const help = {
    short: 'h',
    help: `help for ${command?.name ?? 'kubectl'}`,
    value: false,
    shown: 'false',
    parse: Boolean,
  }
  return { ...command?.flags, help }
}

/** The names of flags that can still be given, long and short. */
function flagsOf(flags: Flags, { given }: ParsedFlags): Candidate[] {
  return Object.entries(flags)
    .filter(
      ([name, { hidden, deprecated, value }]) => !hidden && !deprecated && (!given.has(name) || Array.isArray(value)),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, { short, help }]) => [
      { text: `--${name}`, about: help },
      ...(short ? [{ text: `-${short}`, about: help }] : []),
    ])
}

/** The flags that a command cannot do without and that are not there yet. */
function requiredFlags(command: Command | undefined, flags: Flags, { given }: ParsedFlags): Candidate[] {
  return (command?.required ?? [])
    .filter(name => !given.has(name))
    .map(name => ({ text: `--${name}`, about: flags[name]!.help }))
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
  [first, ...more]: readonly string[],
  word: string,
): Promise<Offer> {
  if (typeof kind === 'object' && 'types' in kind) {
    return first === undefined ? plain(kind.types) : objects(invocation, first)
  }
  switch (kind) {
    case 'resource': {
      if (first === undefined && word.includes('/')) return namesIn(invocation, word)
      if (first === undefined) return plain(await typeNames(invocation))
      return first.includes('/') ? plain([]) : objects(invocation, first)
    }
    case 'resource-types':
      return first === undefined ? plain(await typeNames(invocation)) : files
    case 'pod':
      return first === undefined ? objects(invocation, 'pods') : plain([])
    case 'pods':
      if (first !== undefined) return plain([])
      return word.includes('/') ? namesIn(invocation, word) : podsAndTypes(invocation)
    case 'node':
      return objects(invocation, 'nodes')
    case 'command':
      return subcommandsOf(first === undefined ? commands : [])
    default:
      return first === undefined || more.length === 0 ? valuesOf(invocation, kind) : files
  }
}

async function valuesOf(invocation: Invocation, kind: Completion | undefined): Promise<Offer> {
  const { contexts, clusters, users } = invocation.config.kubeconfig
  switch (kind) {
    case 'namespace':
      return objects(invocation, 'namespaces')
    case 'context':
      return plain([...contexts.keys()].sort())
    case 'cluster':
      return plain([...clusters.keys()].sort())
    case 'user':
      return plain([...users.keys()].sort())
    case 'manifest':
      return manifestFiles
    case 'container':
    case 'file':
    case undefined:
      return files
    default:
      return plain(kind)
  }
}

function plain(texts: readonly string[]): Offer {
  return { candidates: texts.map(text => ({ text })), directives: ['NoFileComp'] }
}

async function typeNames(invocation: Invocation): Promise<string[]> {
  const { all } = await invocation.resources()
  return [...new Set(all.map(({ plural, group }) => (isUsual(group) ? plural : `${plural}.${group}`)))].sort()
}

/** Groups whose types are offered by their plain names, as kubectl does for what no other group has. */
function isUsual(group: string): boolean {
  return group !== 'events.k8s.io'
}

async function objects(invocation: Invocation, type: string): Promise<Offer> {
  return plain(await objectNames(invocation, type))
}

/** `TYPE/NAME` for a word that begins with `TYPE/`. */
async function namesIn(invocation: Invocation, word: string): Promise<Offer> {
  const type = word.slice(0, word.indexOf('/'))
  return plain((await objectNames(invocation, type)).map(name => `${type}/${name}`))
}

/** Pods by name, and the types whose objects stand for pods. */
async function podsAndTypes(invocation: Invocation): Promise<Offer> {
  const names = await objectNames(invocation, 'pods').catch(error => {
    if (error instanceof Failure) return []
    throw error
  })
  const texts = [...names, ...podTypes.map(type => `${type}/`)]
  return { candidates: texts.map(text => ({ text })), directives: ['NoSpace', 'NoFileComp'] }
}

async function objectNames(invocation: Invocation, type: string): Promise<string[]> {
  const resource = (await invocation.resources()).findNamed(type)
  if (!resource) return []
  const { items } = await invocation.api.list(resource, resource.namespaced ? invocation.namespace : undefined)
  return items.map(({ metadata }) => metadata.name ?? '').sort()
}
