import { bytesOf, textOf } from '../bytes.ts'
import type { FileError } from '../fileError.ts'
import { lineBatches, openInputs, reportFile } from '../inputs.ts'
import { type Arguments, defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { quoted } from '../quoting.ts'

/** Prints parts of lines. */
export const cut = defineProgram({
  name: 'cut',
  summary: 'remove sections from each line of files',
  package: 'GNU coreutils 9.1',
  usage: 'OPTION... [FILE]...',
  options: [
    { short: 'b', long: 'bytes', value: 'LIST', help: 'select only these bytes' },
    { short: 'c', long: 'characters', value: 'LIST', help: 'select only these characters' },
    { short: 'd', long: 'delimiter', value: 'DELIM', help: 'use DELIM instead of TAB for field delimiter' },
    { short: 'f', long: 'fields', value: 'LIST', help: 'select only these fields; also print lines without delimiter' },
    { short: 'n', help: '(ignored)' },
    { long: 'complement', help: 'complement the set of selected bytes, characters or fields' },
    { short: 's', long: 'only-delimited', help: 'do not print lines not containing delimiters' },
    { long: 'output-delimiter', value: 'STRING', help: 'use STRING as the output delimiter' },
    { short: 'z', long: 'zero-terminated', help: 'line delimiter is NUL, not newline' },
  ],
  busybox: {
    usage: '{-b|c LIST | -f LIST [-d SEP] [-s]} [-D] [-O SEP] [FILE]...',
    options: 'bcdfns complement output-delimiter',
  },
  async run(process, args) {
    const select = selectorOf(process, args)
    const end = args.has('zero-terminated') ? '\0' : '\n'
    let status = 0
    const report = async (error: FileError, name: string) => {
      status = await reportFile(process, error, name)
    }
    for await (const { stream } of openInputs(process, args.operands, report)) {
      for await (const { lines } of lineBatches(stream, end)) {
        let output = ''
        for (const line of lines) {
          const part = select(line)
          if (part !== undefined) output += part + end
        }
        await process.write(output)
      }
    }
    return status
  },
})

/** What is printed of a line; undefined for nothing at all. */
type Selector = (line: string) => string | undefined

function selectorOf(process: Process, args: Arguments): Selector {
  const lists = args.given.filter(({ name }) => name === 'bytes' || name === 'characters' || name === 'fields')
  if (lists.length === 0) throw args.misuse('you must specify a list of bytes, characters, or fields')
  if (lists.length > 1) throw args.misuse('only one list may be specified')
  const isFields = lists[0]!.name === 'fields'
  const delimiter = args.get('delimiter') ?? '\t'
  if (!isFields && args.has('delimiter')) {
    throw args.misuse('an input delimiter may be specified only when operating on fields')
  }
  if (!isFields && args.has('only-delimited')) {
    throw args.misuse('suppressing non-delimited lines makes sense\n\tonly when operating on fields')
  }
  if (bytesOf(delimiter).length > 1) throw args.misuse('the delimiter must be a single character')
  const isSelected = membership(process, args, lists[0]!.value ?? '', isFields)
  const separator = args.get('output-delimiter')
  if (!isFields) return line => selectBytes(line, isSelected, separator)
  const input = delimiter === '' ? '\0' : delimiter
  return line => {
    if (!line.includes(input)) return args.has('only-delimited') ? undefined : line
    return line
      .split(input)
      .filter((_field, index) => isSelected(index + 1))
      .join(separator ?? input)
  }
}

// Characters are bytes, as in GNU cut: cutting Korean text by -c cuts through letters.
function selectBytes(line: string, isSelected: (place: number) => boolean, separator: string | undefined): string {
  const bytes = bytesOf(line)
  if (separator === undefined) return textOf(bytes.filter((_byte, index) => isSelected(index + 1)))
  const runs: number[][] = []
  bytes.forEach((byte, index) => {
    if (!isSelected(index + 1)) return
    if (index > 0 && isSelected(index) && runs.length > 0) runs[runs.length - 1]!.push(byte)
    else runs.push([byte])
  })
  return runs.map(run => textOf(Uint8Array.from(run))).join(separator)
}

function membership(process: Process, args: Arguments, list: string, isFields: boolean): (place: number) => boolean {
  const places = isFields ? 'fields' : 'byte/character positions'
  const ranges = list.split(/[, \t]/).map(text => {
    const match = /^(\d*)(-?)(\d*)$/.exec(text)
    const [, from = '', dash = '', to = ''] = match ?? []
    if (!match || (from === '' && dash === '')) {
      if (text === '') throw args.misuse(`${places} are numbered from 1`.replace('byte/character', 'byte/character'))
      throw args.misuse(
        `invalid ${isFields ? 'field' : 'byte or character'} ${text.includes('-') ? 'range' : 'value'} ${quoted(process, text)}`.replace(
          /^invalid byte or character (range|value)/,
          'invalid byte/character position',
        ),
      )
    }
    if (from === '' && to === '') throw args.misuse('invalid range with no endpoint: -')
    if ((from !== '' && Number(from) === 0) || (from === '' && Number(to) === 0)) {
      throw args.misuse(`${places} are numbered from 1`)
    }
    const first = Number(from || 1)
    const last = dash === '' ? first : to === '' ? Number.POSITIVE_INFINITY : Number(to)
    if (last < first) throw args.misuse('invalid decreasing range')
    return { first, last }
  })
  const isComplement = args.has('complement')
  return place => ranges.some(({ first, last }) => place >= first && place <= last) !== isComplement
}
