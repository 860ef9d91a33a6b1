import { expect, test } from 'vitest'
import { defineProgram } from '#simulator/machine/options.ts'
import { World } from './world.ts'

/** Prints what it was given, so that a test sees how the command line was taken apart. */
const show = defineProgram({
  name: 'show',
  summary: 'show what was given',
  package: 'kubehop 1.0',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'a', long: 'all', help: 'everything' },
    { short: 'n', long: 'lines', value: 'NUM', isNumber: true, help: 'so many lines' },
    { short: 'i', value: '[SUFFIX]', help: 'in place' },
    { long: 'color', value: '[WHEN]', help: 'colours' },
    { long: 'colour-depth', value: 'N', help: 'how many' },
    { short: 'v', long: 'verbose', help: 'more words' },
  ],
  notSimulated: '-Z --context',
  busybox: { usage: '[-av] [-n NUM] [FILE]...', options: 'anv verbose' },
  async run(process, args) {
    if (args.has('all') && args.operands.length === 0) args.demandOperands(1, 2)
    const given = args.given.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`))
    await process.write(`${[...given, '|', ...args.operands].join(' ')}\n`)
    return 0
  },
})

async function run(words: string, busybox = false): Promise<string> {
  const world = new World([show], { busybox })
  const { stdout, stderr, status } = await world.run(['show', ...words.split(' ').filter(word => word !== '')])
  return stdout + stderr + (status ? `? ${status}\n` : '')
}

const hint = "Try 'show --help' for more information.\n? 1\n"

test.each([
  ['-av f', 'all verbose | f'],
  ['-n5 f', 'lines=5 | f'],
  ['-n 5 f', 'lines=5 | f'],
  ['-an5 f', 'all lines=5 | f'],
  ['-5 f', 'lines=5 | f'],
  ['-a5v f', 'all lines=5 verbose | f'],
  ['--lines=5 f', 'lines=5 | f'],
  ['--lines 5 f', 'lines=5 | f'],
  ['--li=5', 'lines=5 |'],
  ['f -a g', 'all | f g'],
  ['-- -a', '| -a'],
  ['- f', '| - f'],
  ['-i f', 'i | f'],
  ['-i.bak f', 'i=.bak | f'],
  ['--color f', 'color | f'],
  ['--color=auto', 'color=auto |'],
  ['--verb', 'verbose |'],
])('show %s is taken apart as getopt_long does', async (words, expected) => {
  expect(await run(words)).toBe(`${expected}\n`)
})

test.each([
  ['-x', `show: invalid option -- 'x'\n${hint}`],
  ['--foo', `show: unrecognized option '--foo'\n${hint}`],
  ['-n', `show: option requires an argument -- 'n'\n${hint}`],
  ['--lines', `show: option '--lines' requires an argument\n${hint}`],
  ['--all=1', `show: option '--all' doesn't allow an argument\n${hint}`],
  ['--colo', `show: option '--colo' is ambiguous; possibilities: '--color' '--colour-depth'\n${hint}`],
  ['-a', `show: missing operand\n${hint}`],
  ['-Z', 'show: option -Z is not simulated here\n? 1\n'],
  ['--context', 'show: option --context is not simulated here\n? 1\n'],
])('show %s is refused in the words of GNU', async (words, expected) => {
  expect(await run(words)).toBe(expected)
})

test('--help and --version come from the declaration', async () => {
  expect(await run('--help')).toBe(`Usage: show [OPTION]... [FILE]...
Show what was given

  -a, --all                  everything
  -n, --lines=NUM            so many lines
  -i[SUFFIX]                 in place
      --color[=WHEN]         colours
      --colour-depth=N       how many
  -v, --verbose              more words
      --help                 display this help and exit
      --version              output version information and exit
`)
  expect(await run('--version')).toBe('show (kubehop) 1.0\n')
})

const block = `BusyBox v1.36.1 (2023-05-18 22:34:17 UTC) multi-call binary.

Usage: show [-av] [-n NUM] [FILE]...

Show what was given

\t-a\tEverything
\t-n NUM\tSo many lines
\t-v\tMore words
`

test.each([
  ['-av f', 'all verbose | f\n'],
  ['--verbose f', 'verbose | f\n'],
  ['-x', `show: invalid option -- 'x'\n${block}? 1\n`],
  ['--all', `show: unrecognized option '--all'\n${block}? 1\n`],
  ['-i', `show: invalid option -- 'i'\n${block}? 1\n`],
  ['-a', `${block}? 1\n`],
  ['--help', block],
])('busybox show %s knows only what BusyBox has', async (words, expected) => {
  expect(await run(words, true)).toBe(expected)
})
