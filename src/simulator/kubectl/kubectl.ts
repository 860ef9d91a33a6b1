import type { Process, Program } from '../machine/program.ts'
import type { Command } from './command.ts'
import { findCommand } from './commandTree.ts'
import { type Directive, offerFor } from './completion.ts'
import { describeFailure, Failure, Failures, Misuse, ServerFailure } from './failure.ts'
import { globalFlags } from './flags/global.ts'
import { helpText, rootHelpText } from './flags/help.ts'
import { FlagError, type ParsedFlags, parseFlags, wordsWithoutFlags } from './flags/parse.ts'
import { suggestions } from './flags/suggestions.ts'
import { Invocation, type Lab } from './invocation.ts'
import { defaultsFor, defaultWords, expandAlias } from './preferences/apply.ts'
import { loadPreferences } from './preferences/kuberc.ts'
import { commandGroups, commands, description } from './verbs/registry.ts'

/** Makes the kubectl of a lab; `transportFor` says how a process reaches a server. */
export function createKubectl(transportFor: Lab['transportFor']): Program {
  const lab: Lab = { transportFor, discovered: new Map() }
  return {
    name: 'kubectl',
    summary: 'controls the Kubernetes cluster manager',
    usage: '[flags] [options]',
    run: process => run(process, lab),
    complete: (process, words) => wordsForShell(process, lab, words.slice(1)),
  }
}

async function run(process: Process, lab: Lab): Promise<number> {
  // kubectl ends by itself on Ctrl-C, so the shell goes on in the same line (pkg/util/interrupt).
  process.onSignal('SIGINT', () => process.exit(1))
  try {
    return await runWords(process, lab, process.argv.slice(1))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const text = describeFailure(error)
    if (text) await process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
    return error.status
  }
}

async function runWords(process: Process, lab: Lab, typed: readonly string[]): Promise<number> {
  if (typed[0] === '__complete' || typed[0] === '__completeNoDesc') {
    return printCandidates(process, lab, typed.slice(1), typed[0] === '__complete')
  }
  const globals = globalFlags(process.env.get('HOME') ?? process.user.home)
  const preferences = await loadPreferences(process, kubercIn(typed))
  const { words, options } = preferences
    ? expandAlias(typed, wordsWithoutFlags(globals, typed)[0], preferences, isCommand)
    : { words: typed, options: [] }
  const { command, path, words: rest } = findCommand(words, globals)
  if (!command && wordsWithoutFlags(globals, rest).length > 0) return runPlugin(process, words)
  const flags = { ...globals, ...command?.flags }
  const said = read(flags, rest, path, command)
  const preferred = preferences ? [...options, ...defaultsFor(preferences, path)] : []
  const added = defaultWords(preferred, flags, said.given)
  const parsed = added.length > 0 ? read(flags, [...added, ...rest], path, command) : said
  for (const warning of parsed.warnings) await process.stderr.write(`${warning}\n`)
  if (!command || parsed.wantsHelp) {
    await process.write(command ? helpText(command, path) : rootHelpText(description, commandGroups))
    return 0
  }
  if (command.name === 'help') return runHelp(process, parsed.args, globals)
  const missing = (command.required ?? []).filter(name => !parsed.given.has(name))
  if (missing.length > 0) {
    throw new Failure(`required flag(s) ${missing.map(name => JSON.stringify(name)).join(', ')} not set`)
  }
  const invocation = new Invocation(process, lab, path, parsed, command.flags)
  if (!command.run) return runGroup(invocation, command)
  const status = await runVerb(command, invocation)
  if (invocation.globals['warnings-as-errors'] && status === 0) return failOnWarnings(invocation)
  return status
}

function isCommand(name: string): boolean {
  return commands.some(each => each.name === name || each.aliases?.includes(name))
}

/** The file with preferences that a command line names: it counts before flags can be read. */
function kubercIn(words: readonly string[]): string {
  const word = words.find(each => each.startsWith('--kuberc='))
  return word ? word.slice('--kuberc='.length) : ''
}

async function runVerb(command: Command, invocation: Invocation): Promise<number> {
  try {
    return (await command.run!(invocation)) ?? 0
  } catch (error) {
    const refusal = error instanceof Failures && error.all.length === 1 ? error.all[0] : error
    if (refusal instanceof ServerFailure && invocation.globals.v >= 4) {
      const answer = JSON.stringify(refusal.answer, undefined, 2)
      await invocation.log('I', `helpers.go:246] server response object: %s[${answer}]`)
    }
    if (!(error instanceof Misuse)) throw error
    await invocation.print(helpText(command, invocation.path))
    if (error.message) throw error
    return error.status
  }
}

function read(
  flags: Parameters<typeof parseFlags>[0],
  words: readonly string[],
  path: readonly string[],
  command: Command | undefined,
): ParsedFlags {
  try {
    return parseFlags(flags, words)
  } catch (error) {
    if (!(error instanceof FlagError)) throw error
    const called = path.join(' ')
    if (command?.misuseStatus) {
      throw new Failure(`${error.message}\nSee '${called} -h' for help and examples`, command.misuseStatus)
    }
    throw new Failure(`${error.message}\nSee '${called} --help' for usage.`)
  }
}

/** `kubectl help get`: what `kubectl get --help` prints. */
async function runHelp(
  process: Process,
  words: readonly string[],
  globals: ReturnType<typeof globalFlags>,
): Promise<number> {
  const { command, path } = findCommand(words, globals)
  if (command) await process.write(helpText(command, path))
  else if (words.length === 0) await process.write(rootHelpText(description, commandGroups))
  else {
    const topics = words.map(word => `\`${word}\``).join(' ')
    await process.stderr.write(`Unknown help topic [${topics}]\n\n\n${rootHelpText('', commandGroups)}`)
  }
  return 0
}

/** A group of commands called without one of them: its help, or a complaint about the word that is none. */
async function runGroup(invocation: Invocation, command: Command): Promise<number> {
  const { args, process, path } = invocation
  if (args.length > 0) throw invocation.usageError(`unknown command ${JSON.stringify(args.join(' '))}`)
  await process.stderr.write(helpText(command, path))
  return 1
}

/** An unknown first word may be a plugin: an executable named `kubectl-word` in PATH. */
async function runPlugin(process: Process, words: readonly string[]): Promise<number> {
  const [first = ''] = words
  if (first.startsWith('-')) {
    await process.stderr.write(`Error: flags cannot be placed before plugin name: ${first}\n`)
    return 1
  }
  const flagAt = words.findIndex(word => word.startsWith('-'))
  const names = flagAt < 0 ? words : words.slice(0, flagAt)
  for (let length = names.length; length > 0; length--) {
    const program = ['kubectl', ...names.slice(0, length).map(word => word.replaceAll('-', '_'))].join('-')
    if (isInPath(process, program)) return process.call([program, ...words.slice(length)])
  }
  const similar = suggestions(
    first,
    commands.filter(each => !each.hidden).map(each => each.name),
  )
  const hint = similar.length > 0 ? `\n\nDid you mean this?\n${similar.map(name => `\t${name}\n`).join('')}` : ''
  throw new Failure(`unknown command ${JSON.stringify(first)} for "kubectl"${hint}`)
}

function isInPath(process: Process, program: string): boolean {
  const folders = (process.env.get('PATH') ?? '').split(':').filter(Boolean)
  return folders.some(folder => process.files.exists(`${folder}/${program}`))
}

/** What Tab shows: each candidate with what it is for behind a tab; nothing where the shell may offer its files. */
async function wordsForShell(process: Process, lab: Lab, words: readonly string[]): Promise<string[] | undefined> {
  const { candidates, directives } = await offerFor(process, lab, words)
  // Simplified: where only manifests fit, all files are offered.
  if (directives.includes('FilterFileExt') || (directives.includes('Default') && candidates.length === 0))
    return undefined
  const [, start = ''] = /^(--[\w-]+=)/.exec(words.at(-1) ?? '') ?? []
  return candidates.map(({ text, about }) => (about ? `${start}${text}\t${about}` : `${start}${text}`))
}

const directiveBits: Readonly<Record<Directive, number>> = { Default: 0, NoSpace: 2, NoFileComp: 4, FilterFileExt: 8 }

/** What the scripts of `kubectl completion` ask for: a candidate a line, and at last what the shell is to do with them. */
async function printCandidates(
  process: Process,
  lab: Lab,
  words: readonly string[],
  showsAbout: boolean,
): Promise<number> {
  const { candidates, directives } = await offerFor(process, lab, words)
  const lines = candidates.map(({ text, about }) => (about && showsAbout ? `${text}\t${about}` : text))
  const bits = directives.reduce((sum, each) => sum + directiveBits[each], 0)
  await process.write([...lines, `:${bits}`].map(line => `${line}\n`).join(''))
  const names = directives.map(each => `ShellCompDirective${each}`).join(', ')
  await process.stderr.write(`Completion ended with directive: ${names}\n`)
  return 0
}

function failOnWarnings({ api }: Invocation): number {
  const count = api.warningCount
  if (count === 0) return 0
  throw new Failure(`${count} warning${count === 1 ? '' : 's'} received`)
}
