import type { Process, Program } from '../program.ts'

/** Prints what makes a terminal do something, for an xterm. */
export const tput: Program = {
  name: 'tput',
  summary: 'initialize a terminal or query terminfo database',
  usage: '[-T type] capname [parameters]',
  async run(process) {
    let words = process.argv.slice(1)
    if (words[0] === '-T') words = words.slice(2)
    const [name, ...parameters] = words
    if (name === undefined) {
      await process.stderr.write('usage: tput [-V] [-S] [-x] [-T term] capname\n')
      return 2
    }
    const text = capability(process, name, parameters.map(Number))
    if (text === undefined) return process.fail(`unknown terminfo capability '${name}'`, 4)
    await process.write(text)
    return 0
  },
}

const fixed: Readonly<Record<string, string>> = {
  clear: '\x1b[H\x1b[2J\x1b[3J',
  sgr0: '\x1b(B\x1b[m',
  bold: '\x1b[1m',
  dim: '\x1b[2m',
  sitm: '\x1b[3m',
  ritm: '\x1b[23m',
  smul: '\x1b[4m',
  rmul: '\x1b[24m',
  blink: '\x1b[5m',
  rev: '\x1b[7m',
  smso: '\x1b[7m',
  rmso: '\x1b[27m',
  el: '\x1b[K',
  el1: '\x1b[1K',
  ed: '\x1b[J',
  home: '\x1b[H',
  civis: '\x1b[?25l',
  cnorm: '\x1b[?12l\x1b[?25h',
  smcup: '\x1b[?1049h\x1b[22;0;0t',
  rmcup: '\x1b[?1049l\x1b[23;0;0t',
  sc: '\x1b7',
  rc: '\x1b8',
  bel: '\x07',
  cr: '\r',
  cuu1: '\x1b[A',
  op: '\x1b[39;49m',
  colors: '256\n',
  longname: 'xterm with 256 colors',
  init: '',
  reset: '\x1bc',
}

function capability(
  { terminal, env }: Process,
  name: string,
  [first = 0, second = 0]: readonly number[],
): string | undefined {
  switch (name) {
    case 'cols':
      return `${terminal?.columns ?? env.get('COLUMNS') ?? 80}\n`
    case 'lines':
      return `${terminal?.rows ?? env.get('LINES') ?? 24}\n`
    case 'cup':
      return `\x1b[${first + 1};${second + 1}H`
    case 'setaf':
      return color(first, 3, 9)
    case 'setab':
      return color(first, 4, 10)
    default:
      return fixed[name]
  }
}

function color(number: number, base: number, bright: number): string {
  if (number < 8) return `\x1b[${base}${number}m`
  return number < 16 ? `\x1b[${bright}${number - 8}m` : `\x1b[${base}8;5;${number}m`
}
