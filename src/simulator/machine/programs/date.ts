import { formatDate, type TimeZone, utc, zoneOf } from '../dateFormat.ts'
import { parseDate } from '../dateParse.ts'
import { FileError } from '../fileError.ts'
import { linesIn, readInput } from '../inputs.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { Exit, type Process, UsageError } from '../program.ts'
import { quoted, shownName } from '../quoting.ts'

/** Prints the time. */
export const date = defineProgram({
  name: 'date',
  summary: 'print or set the system date and time',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [+FORMAT]',
  options: [
    { short: 'd', long: 'date', value: 'STRING', help: "display time described by STRING, not 'now'" },
    { short: 'D', value: 'FMT', help: 'use FMT (strptime format) for -d TIME conversion', only: 'busybox' },
    { short: 'f', long: 'file', value: 'DATEFILE', help: 'like --date; once for each line of DATEFILE', only: 'gnu' },
    {
      short: 'I',
      long: 'iso-8601',
      value: '[FMT]',
      help: 'output date/time in ISO 8601 format: date, hours, minutes, seconds, ns',
    },
    { short: 'R', long: 'rfc-email', help: 'output date and time in RFC 5322 format' },
    { long: 'rfc-822', help: 'same as -R' },
    { long: 'rfc-2822', help: 'same as -R' },
    { long: 'rfc-3339', value: 'FMT', help: 'output date/time in RFC 3339 format: date, seconds, ns' },
    { short: 'r', long: 'reference', value: 'FILE', help: 'display the last modification time of FILE' },
    { short: 's', long: 'set', value: 'STRING', help: 'set time described by STRING' },
    { short: 'u', long: 'utc', help: 'print or set Coordinated Universal Time (UTC)' },
    { long: 'universal', help: 'same as -u' },
  ],
  notSimulated: '--debug --resolution',
  busybox: { usage: '[OPTIONS] [+FMT] [[-s] TIME]', options: 'dDIRrsu utc universal date reference set' },
  async run(process, args) {
    const zone = args.has('utc') || args.has('universal') ? utc : zoneOf(process.env.get('TZ'))
    const format = formatOf(process, args)
    if (args.has('set')) return process.fail('cannot set date: Operation not permitted')
    if (args.has('D')) throw new UsageError('option -D is not simulated here')
    let status = 0
    for (const time of await times(process, args, zone)) {
      if (typeof time === 'number') await process.write(`${formatDate(format, time, zone)}\n`)
      else {
        const isBusybox = process.flavour === 'busybox'
        status = await process.fail(`invalid date ${isBusybox ? `'${time}'` : quoted(process, time)}`)
      }
    }
    return status
  },
})

const isoFormats: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H%:z',
  minutes: '%Y-%m-%dT%H:%M%:z',
  seconds: '%Y-%m-%dT%H:%M:%S%:z',
  ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
}

const rfc3339Formats: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  seconds: '%Y-%m-%d %H:%M:%S%:z',
  ns: '%Y-%m-%d %H:%M:%S.%N%:z',
}

function formatOf(process: Process, args: Arguments): string {
  const [first, second] = args.operands
  if (second !== undefined) throw args.misuse(`extra operand ${quoted(process, second)}`)
  if (first !== undefined) {
    if (first.startsWith('+')) return first.slice(1)
    const word = quoted(process, first)
    if (!args.has('date') && !args.has('file') && !args.has('reference'))
      throw new UsageError(`invalid date ${process.flavour === 'busybox' ? `'${first}'` : word}`)
    throw args.misuse(
      `the argument ${word} lacks a leading '+';\nwhen using an option to specify date(s), any non-option\nargument must be a format string beginning with '+'`,
    )
  }
  const style = args.last('iso-8601', 'rfc-email', 'rfc-822', 'rfc-2822', 'rfc-3339')
  if (style === 'iso-8601') {
    const precision = args.get('iso-8601') ?? 'date'
    const name = Object.keys(isoFormats).find(each => each.startsWith(precision))
    if (name) return isoFormats[name]!
    throw args.invalidArgument(precision, '--iso-8601', ['hours', 'minutes', 'date', 'seconds', 'ns'])
  }
  if (style === 'rfc-3339') {
    const precision = args.get('rfc-3339')!
    const name = Object.keys(rfc3339Formats).find(each => each.startsWith(precision))
    if (name) return rfc3339Formats[name]!
    throw args.invalidArgument(precision, '--rfc-3339', ['date', 'seconds', 'ns'])
  }
  return style === undefined ? '%a %b %e %H:%M:%S %Z %Y' : '%a, %d %b %Y %H:%M:%S %z'
}

/** The times to print; a text is one that cannot be read. */
async function times(process: Process, args: Arguments, zone: TimeZone): Promise<(number | string)[]> {
  const now = process.machine.now()
  const [text, file, reference] = [args.get('date'), args.get('file'), args.get('reference')]
  try {
    if (file !== undefined)
      return linesIn(await readInput(process, file)).map(line => parseDate(line, now, zone) ?? line)
    if (text !== undefined) return [parseDate(text, now, zone) ?? text]
    if (reference !== undefined) return [process.files.stat(process.path(reference)).modified]
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    throw new Exit(await process.fail(`${shownName(file ?? reference!)}: ${error.text}`))
  }
  return [now]
}
