import { FileError } from '../fileError.ts'
import { linesIn, readInput, reportFile } from '../inputs.ts'
import { defineProgram } from '../options.ts'

/** Puts lines of files side by side. */
export const paste = defineProgram({
  name: 'paste',
  summary: 'merge lines of files',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'd', long: 'delimiters', value: 'LIST', help: 'reuse characters from LIST instead of TABs' },
    { short: 's', long: 'serial', help: 'paste one file at a time instead of in parallel' },
    { short: 'z', long: 'zero-terminated', help: 'line delimiter is NUL, not newline' },
  ],
  busybox: { usage: '[-d LIST] [-s] [FILE]...', options: 'ds' },
  async run(process, args) {
    const end = args.has('zero-terminated') ? '\0' : '\n'
    const delimiters = delimitersOf(args.get('delimiters') ?? '\t')
    const files: string[][] = []
    const names = args.operands.length > 0 ? args.operands : ['-']
    const shares = names.filter(name => name === '-').length
    try {
      const stdin = shares > 0 ? linesIn(await process.readAll(), end) : []
      let turn = 0
      for (const name of names) {
        if (name !== '-') files.push(linesIn(await readInput(process, name), end))
        else {
          // `paste - -` deals the lines of stdin out in turn.
          const mine = turn++
          files.push(
            args.has('serial') ? (mine === 0 ? stdin : []) : stdin.filter((_line, index) => index % shares === mine),
          )
        }
      }
    } catch (error) {
      if (error instanceof FileError) return reportFile(process, error, error.path)
      throw error
    }
    const joined = (parts: readonly string[]) =>
      parts.reduce(
        (line, part, index) => line + (index > 0 ? delimiters[(index - 1) % delimiters.length]! : '') + part,
        '',
      )
    const rows = args.has('serial')
      ? files
      : Array.from({ length: Math.max(0, ...files.map(lines => lines.length)) }, (_, row) =>
          files.map(lines => lines[row] ?? ''),
        )
    await process.write(rows.map(row => joined(row) + end).join(''))
    return 0
  },
})

function delimitersOf(list: string): string[] {
  const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', '0': '', '\\': '\\' }
  const delimiters = [...list.matchAll(/\\(.)|([^\\])/gsu)].map(
    ([, control, plain]) => plain ?? known[control!] ?? control!,
  )
  return delimiters.length > 0 ? delimiters : ['']
}
