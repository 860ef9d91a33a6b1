import { bytesOf } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import { readInput } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import { shownName } from '../quoting.ts'

/** Finds the first byte where two files differ. */
export const cmp = defineProgram({
  name: 'cmp',
  summary: 'compare two files byte by byte',
  package: 'GNU diffutils 3.8',
  usage: '[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]',
  options: [
    { short: 'l', long: 'verbose', help: 'output byte numbers and differing byte values' },
    { short: 's', long: 'quiet', help: 'suppress all normal output' },
    { long: 'silent', help: 'same as --quiet' },
  ],
  notSimulated: '-b --print-bytes -i --ignore-initial -n --bytes',
  usageStatus: 2,
  usageHint: "cmp: Try 'cmp --help' for more information.",
  busybox: { usage: '[-ls] FILE1 [FILE2]', options: 'ls', usageStatus: 2 },
  async run(process, args) {
    if (args.operands.length === 0) throw args.misuse(`missing operand after '${process.argv.at(-1)}'`)
    const [first = '', second = '-'] = args.operands
    const texts: Uint8Array[] = []
    for (const name of [first, second]) {
      try {
        texts.push(bytesOf(await readInput(process, name)))
      } catch (error) {
        if (error instanceof FileError) return process.fail(`${shownName(name)}: ${error.text}`, 2)
        throw error
      }
    }
    const [a, b] = texts as [Uint8Array, Uint8Array]
    const length = Math.min(a.length, b.length)
    const isQuiet = args.has('quiet') || args.has('silent')
    const octal = (byte: number) => byte.toString(8).padStart(3)
    let line = 1
    let differs = false
    for (let i = 0; i < length; i++) {
      if (a[i] !== b[i]) {
        differs = true
        if (isQuiet) return 1
        if (!args.has('verbose')) {
          const unit = process.flavour === 'busybox' ? 'char' : 'byte'
          await process.write(`${first} ${second} differ: ${unit} ${i + 1}, line ${line}\n`)
          return 1
        }
        await process.write(`${String(i + 1).padStart(String(length).length)} ${octal(a[i]!)} ${octal(b[i]!)}\n`)
      }
      if (a[i] === 10) line++
    }
    if (a.length === b.length) return differs ? 1 : 0
    if (isQuiet) return 1
    const [name, shorter] = a.length < b.length ? [first, a] : [second, b]
    if (shorter.length === 0) return process.fail(`EOF on ${shownName(name)} which is empty`)
    if (args.has('verbose')) return process.fail(`EOF on ${shownName(name)} after byte ${length}`)
    const place = shorter.at(-1) === 10 ? `line ${line - 1}` : `in line ${line}`
    return process.fail(`EOF on ${shownName(name)} after byte ${length}, ${place}`)
  },
})
