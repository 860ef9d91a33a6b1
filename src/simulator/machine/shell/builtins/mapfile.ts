import { DescriptorReader, isInput } from '../../descriptors.ts'
import { type Builtin, badOption, complain, parseOptions } from '../builtin.ts'
import { readText } from '../lineReader.ts'

/** `mapfile`, also called `readarray`. */
export const mapfile: Builtin = {
  name: 'mapfile',
  usage: '[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
  summary: 'Read lines from the standard input into an indexed array variable.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'd:n:O:s:tu:C:c:')
    if (unknown) return badOption(shell, mapfile, unknown)
    const number = Number(options.get('u') ?? 0)
    if (!isInput(shell.process.descriptors.get(number))) {
      return complain(shell, 'mapfile', `${number}: invalid file descriptor: Bad file descriptor`)
    }
    const reader = new DescriptorReader(shell.process, number)
    const delimiter = options.has('d') ? options.get('d')!.slice(0, 1) || '\0' : '\n'
    const limit = Number(options.get('n') ?? 0) || Number.POSITIVE_INFINITY
    const skipped = Number(options.get('s') ?? 0)
    const lines: string[] = []
    for (let count = 0; lines.length < limit; count++) {
      const { text, isEnd } = await readText(reader, { isRaw: true, delimiter })
      if (isEnd && text === '') break
      if (count >= skipped) lines.push(options.has('t') || isEnd ? text : text + delimiter)
      if (isEnd) break
    }
    const name = rest[0] ?? 'MAPFILE'
    const origin = Number(options.get('O') ?? 0)
    if (!options.has('O')) shell.variables.setList(name, lines)
    else for (const [index, line] of lines.entries()) shell.variables.setElement(name, origin + index, line)
    return 0
  },
}

/** The other name of `mapfile`. */
export const readarray: Builtin = { ...mapfile, name: 'readarray' }
