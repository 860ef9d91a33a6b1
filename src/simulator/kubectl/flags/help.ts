import type { Command } from '../command.ts'
import type { Flags } from './flag.ts'

/** A headed group of commands on kubectl's first page. */
export interface CommandGroup {
  readonly heading: string
  readonly commands: readonly Command[]
}

const optionsHint = 'Use "kubectl options" for a list of global command-line options (applies to all commands).'

/** What `--help` prints for a command; `path` is the words that lead to it, from `kubectl` on. */
export function helpText(command: Command, path: readonly string[]): string {
  const called = path.join(' ')
  const names = [command.name, ...(command.aliases ?? [])]
  return page([
    command.description ?? command.summary,
    names.length > 1 && `Aliases:\n${names.join(', ')}`,
    command.examples && `Examples:\n${command.examples.replace(/^$/gm, '  ')}`,
    command.commands && commandList('Available Commands:', sorted(command.commands)),
    command.flags && optionList(command.flags),
    `Usage:\n  ${usageLine(called, command.usage)}`,
    [command.commands && moreHint(called), optionsHint].filter(Boolean).join('\n'),
  ])
}

/** What kubectl prints when it is called alone. */
export function rootHelpText(description: string, groups: readonly CommandGroup[]): string {
  const width = nameWidth(groups.flatMap(group => group.commands))
  return page([
    description,
    ...groups.map(group => commandList(group.heading, group.commands, width)),
    'Usage:\n  kubectl [flags] [options]',
    `${moreHint('kubectl')}\n${optionsHint}`,
  ])
}

/** What `kubectl options` prints. */
export function globalOptionsText(flags: Flags): string {
  return `The following options can be passed to any command:\n\n${optionLines(flags)}\n\n`
}

function page(parts: readonly (string | false | undefined)[]): string {
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

function usageLine(called: string, usage: string): string {
  return [called, usage, ...(usage.includes('[options]') ? [] : ['[options]'])].filter(Boolean).join(' ')
}

function moreHint(called: string): string {
  return `Use "${called} <command> --help" for more information about a given command.`
}

function commandList(heading: string, commands: readonly Command[], width = nameWidth(commands)): string {
  const shown = commands.filter(command => !command.hidden)
  return [heading, ...shown.map(command => `  ${command.name.padEnd(width)}   ${command.summary}`)].join('\n')
}

function nameWidth(commands: readonly Command[]): number {
  return Math.max(11, ...commands.map(command => command.name.length))
}

function sorted(commands: readonly Command[]): Command[] {
  return commands.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function optionList(flags: Flags): string | undefined {
  const lines = optionLines(flags)
  return lines && `Options:\n${lines}`
}

function optionLines(flags: Flags): string {
  return Object.entries(flags)
    .filter(([, flag]) => !flag.hidden && !flag.deprecated)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, flag]) => `    ${flag.short ? `-${flag.short}, ` : ''}--${name}=${flag.shown}:\n\t${flag.help}`)
    .join('\n\n')
}
