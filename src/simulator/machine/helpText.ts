import { lastName } from './path.ts'
import type { Option, Process, Program } from './program.ts'

/** The column at which the words about an option begin. */
const helpColumn = 29

/** What `--help` prints, made from a program's declaration. */
export function helpText(program: Program): string {
  if (isProcps(program)) return `${procpsHelp(program)}\n`
  const usage = program.usage === undefined ? '' : ` ${program.usage}`
  const options = [...(program.options ?? []), ...versionOptions].filter(option => option.only !== 'busybox')
  return `Usage: ${program.name}${usage}\n${sentence(program.summary)}\n\n${options.map(optionLine).join('')}`
}

const versionOptions: readonly Option[] = [
  { long: 'help', help: 'display this help and exit' },
  { long: 'version', help: 'output version information and exit' },
]

/** What BusyBox prints about a program, on stderr. */
export function busyboxUsage(program: Program): string {
  const usage = program.busybox?.usage ?? program.usage
  const lines = (program.options ?? []).flatMap(option => {
    const spelling = busyboxSpelling(option, program.busybox?.options)
    if (spelling === undefined) return []
    const value = option.value === undefined ? '' : ` ${option.value.replace(/^\[=?(.*)\]$/, '[$1]')}`
    return [`\t${spelling}${value}\t${sentence(option.help)}\n`]
  })
  const list = lines.length > 0 ? `\n${lines.join('')}` : ''
  return `${busyboxBanner}.\n\nUsage: ${program.name}${usage ? ` ${usage}` : ''}\n\n${sentence(program.summary)}\n${list}`
}

/** How an option is written where BusyBox has it; `known` are its letters and then its long names. */
function busyboxSpelling({ short, long, only }: Option, known: string | undefined): string | undefined {
  if (only === 'gnu') return undefined
  const [letters, ...longNames] = known?.split(' ') ?? []
  if (short !== undefined && (letters?.includes(short) ?? true)) return `-${short}`
  return long !== undefined && (known === undefined || longNames.includes(long)) ? `--${long}` : undefined
}

/** How BusyBox introduces itself. */
export const busyboxBanner = 'BusyBox v1.36.1 (2023-05-18 22:34:17 UTC) multi-call binary'

/** The programs of procps explain everything when something is wrong. */
function isProcps({ package: name }: Program): boolean {
  return name?.startsWith('procps') ?? false
}

function procpsHelp(program: Program): string {
  const endings: readonly Option[] = [
    { short: 'h', long: 'help', help: 'display this help and exit' },
    { short: 'V', long: 'version', help: 'output version information and exit' },
  ]
  const name = (option: Option) =>
    (option.short === undefined ? `    ${optionName(option)}` : optionName(option)).replace('=', ' ')
  const declared = program.options ?? []
  const width = Math.max(...[...declared, ...endings].map(option => name(option).length)) + 2
  const lines = (options: readonly Option[]) =>
    options.map(option => ` ${name(option).padEnd(width)}${option.help}\n`).join('')
  return `\nUsage:\n ${program.name} ${program.usage ?? ''}\n\nOptions:\n${lines(declared)}\n${lines(endings)}\nFor more details see ${program.name}(1).`
}

/** The line that follows an error about the command line. */
export function usageHint(process: Process, program: Program): string {
  if (isProcps(program)) return procpsHelp(program)
  if (program.usageHint === 'help') return helpText(program).trimEnd()
  return program.usageHint ?? `Try '${lastName(process.argv[0] ?? program.name)} --help' for more information.`
}

/** What `--version` prints. */
export function versionText(program: Program): string {
  // Simplified: the lines about the licence and the authors are left out.
  const [, name = 'kubehop', version = ''] = /^(.*?) ?([\d.]*)$/.exec(program.package ?? '') ?? []
  return `${program.name} (${name}) ${version}`.trimEnd().concat('\n')
}

/** The manual page of a program, made from its declaration. */
export function manualPage(program: Program): string {
  const title = `${program.name.toUpperCase()}(1)`
  const heading = 'User Commands'
  const gap = ' '.repeat(Math.max(1, Math.floor((manualWidth - heading.length) / 2) - title.length))
  const top = `${title}${gap}${heading}`
  const synopsis = `${program.name}${program.usage ? ` ${program.usage}` : ''}`
  const options = [...(program.options ?? []), ...versionOptions].filter(option => option.only !== 'busybox')
  const paragraphs = options.map(
    option => `${manualIndent}${optionName(option)}\n${wrap(option.help, manualIndent.repeat(2)).join('\n')}\n`,
  )
  const sections = [
    `${top}${title.padStart(manualWidth - top.length)}\n`,
    `NAME\n${manualIndent}${program.name} - ${program.summary}\n`,
    `SYNOPSIS\n${manualIndent}${synopsis}\n`,
    `DESCRIPTION\n${wrap(sentence(program.summary), manualIndent).join('\n')}.\n`,
    ...(paragraphs.length > 0 ? [`OPTIONS\n${paragraphs.join('\n')}`] : []),
  ]
  return sections.join('\n')
}

const manualWidth = 80
const manualIndent = ' '.repeat(7)

function optionLine(option: Option): string {
  const name = option.short === undefined ? `      ${optionName(option)}` : `  ${optionName(option)}`
  const [first = '', ...others] = wrap(option.help, '', 80 - helpColumn)
  const further = others.map(line => `${' '.repeat(helpColumn)}  ${line}\n`).join('')
  if (name.length >= helpColumn) return `${name}\n${' '.repeat(helpColumn)}${first}\n${further}`
  return `${name.padEnd(helpColumn)}${first}\n${further}`
}

/** `-n, --lines=NUM` */
function optionName({ short, long, value }: Option): string {
  const names = [...(short === undefined ? [] : [`-${short}`]), ...(long === undefined ? [] : [`--${long}`])].join(', ')
  if (value === undefined) return names
  if (/^\[.*\]$/.test(value)) return long === undefined ? `${names}${value}` : `${names}[=${value.slice(1)}`
  return long === undefined ? `${names} ${value}` : `${names}=${value}`
}

function wrap(text: string, indent: string, width = manualWidth - indent.length): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.map(line => indent + line)
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
