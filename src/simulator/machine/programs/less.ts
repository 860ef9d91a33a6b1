import type { FileError } from '../fileError.ts'
import { openInputs, readAll } from '../inputs.ts'
import { type Arguments, defineProgram, type OptionName } from '../options.ts'
import { Pager } from '../pager.ts'
import type { Process } from '../program.ts'

const options = [
  { short: 'e', help: 'quit at end of file' },
  { short: 'E', help: 'quit at end of file the first time' },
  { short: 'F', long: 'quit-if-one-screen', help: 'quit if entire file fits on first screen' },
  { short: 'i', long: 'ignore-case', help: 'ignore case in searches' },
  { short: 'M', long: 'LONG-PROMPT', help: 'set prompt style' },
  { short: 'm', long: 'long-prompt', help: 'set prompt style' },
  { short: 'N', long: 'LINE-NUMBERS', help: 'show a line number at the beginning of each line' },
  { short: 'R', long: 'RAW-CONTROL-CHARS', help: 'output raw control characters' },
  { short: 'r', long: 'raw-control-chars', help: 'output raw control characters' },
  { short: 'S', long: 'chop-long-lines', help: 'chop (truncate) long lines rather than wrapping' },
  { short: 'X', long: 'no-init', help: "don't use termcap init/deinit strings" },
  { short: 's', long: 'squeeze-blank-lines', help: 'squeeze multiple blank lines' },
  { short: 'd', help: 'help instead of ringing the bell' },
  { short: 'f', help: 'count logical, rather than screen lines' },
] as const

/** Shows text page by page. */
export const less = defineProgram({
  name: 'less',
  summary: 'opposite of more',
  package: 'less 590',
  usage: '[options] [file]...',
  options,
  busybox: { usage: '[-EFIMmNSRh~] [FILE]...', options: 'EFMmNSRIi' },
  run: page,
})

/** Shows text page by page. */
export const more = defineProgram({
  name: 'more',
  summary: 'display the contents of a file in a terminal',
  package: 'util-linux 2.38.1',
  usage: '[options] <file>...',
  options,
  busybox: { usage: '[FILE]...', options: '' },
  run: page,
})

async function page(process: Process, args: Arguments<OptionName<typeof options>>): Promise<number> {
  const { terminal } = process.stdout
  let status = 0
  let text = ''
  const isMore = process.argv[0] === 'more'
  if (args.operands.length === 0 && process.stdin.terminal) {
    return process.fail(
      isMore ? `bad usage\nTry 'more --help' for more information.` : `missing filename ("less --help" for help)`,
    )
  }
  const report = async (error: FileError, name: string) => {
    if (terminal) status = 1
    if (error.code === 'EISDIR')
      await process.stderr.write(isMore ? `\n*** ${name}: directory ***\n\n` : `${name} is a directory\n`)
    else await process.stderr.write(isMore ? `more: cannot open ${name}: ${error.text}\n` : `${name}: ${error.text}\n`)
  }
  for await (const { stream } of openInputs(process, args.operands, report)) {
    if (terminal) text += await readAll(stream)
    else
      for (let piece = await stream.read(); piece !== undefined; piece = await stream.read()) await process.write(piece)
  }
  if (!terminal || text === '') return status
  if (args.has('LINE-NUMBERS')) {
    text = text
      .replace(/\n$/, '')
      .split('\n')
      .map((line, index) => `${String(index + 1).padStart(7)} ${line}\n`)
      .join('')
  }
  if (args.has('squeeze-blank-lines')) text = text.replace(/\n{3,}/g, '\n\n')
  const pager = new Pager(process, terminal, text, args.operands[0] ?? '')
  if (pager.fits && (args.has('quit-if-one-screen') || isMore)) await process.write(text)
  else await pager.run()
  return status
}
