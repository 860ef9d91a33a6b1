import { FileError } from '../fileError.ts'
import { linesIn, readInput, reportFile } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import { quoted } from '../quoting.ts'

/** Puts lines into a random order. */
export const shuf = defineProgram({
  name: 'shuf',
  summary: 'generate random permutations',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]',
  options: [
    { short: 'e', long: 'echo', help: 'treat each ARG as an input line' },
    { short: 'i', long: 'input-range', value: 'LO-HI', help: 'treat each number LO through HI as an input line' },
    { short: 'n', long: 'head-count', value: 'COUNT', help: 'output at most COUNT lines' },
    { short: 'r', long: 'repeat', help: 'output lines can be repeated' },
    { short: 'z', long: 'zero-terminated', help: 'line delimiter is NUL, not newline' },
  ],
  notSimulated: '-o --output --random-source',
  busybox: { usage: '[-n NUM] [-o FILE] [-z] [FILE | -e [ARG...] | -i L-H]', options: 'einz' },
  async run(process, args) {
    const end = args.has('zero-terminated') ? '\0' : '\n'
    const range = args.get('input-range')
    let lines: string[]
    if (range !== undefined) {
      const match = /^(\d+)-(\d+)$/.exec(range)
      if (!match) return process.fail(`invalid input range: ${quoted(process, range)}`)
      const [from, to] = [Number(match[1]), Number(match[2])]
      lines = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => String(from + index))
    } else if (args.has('echo')) lines = [...args.operands]
    else {
      try {
        lines = linesIn(await readInput(process, args.operands[0] ?? '-'), end)
      } catch (error) {
        if (error instanceof FileError) return reportFile(process, error, args.operands[0]!)
        throw error
      }
    }
    const random = process.kernel.random.fork(`shuf ${process.pid} ${process.kernel.clock.now}`)
    const limit = Number(args.get('head-count') ?? lines.length)
    const result: string[] = []
    while (result.length < limit && lines.length > 0) {
      const index = random.below(lines.length)
      result.push(lines[index]!)
      if (!args.has('repeat')) lines.splice(index, 1)
    }
    await process.write(result.map(line => line + end).join(''))
    return 0
  },
})
