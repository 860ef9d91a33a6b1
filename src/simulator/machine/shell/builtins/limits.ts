import { type Builtin, badOption, complain, parseOptions } from '../builtin.ts'

/** `umask`. */
export const umask: Builtin = {
  name: 'umask',
  usage: '[-p] [-S] [mode]',
  summary: 'Display or set file mode mask.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'pS')
    if (unknown) return badOption(shell, umask, unknown)
    const { process } = shell
    const [mode] = rest
    if (mode === undefined) {
      const allowed = 0o777 & ~process.umask
      const letters = (shift: number) => [...'rwx'].filter((_, index) => (allowed >> shift) & (4 >> index)).join('')
      const shown = options.has('S')
        ? `u=${letters(6)},g=${letters(3)},o=${letters(0)}`
        : process.umask.toString(8).padStart(4, '0')
      await process.write(`${options.has('p') ? 'umask ' : ''}${shown}\n`)
      return 0
    }
    if (/^[0-7]{1,4}$/.test(mode)) process.umask = Number.parseInt(mode, 8) & 0o777
    else {
      const mask = symbolic(mode, process.umask)
      if (mask === undefined)
        return complain(
          shell,
          'umask',
          /^\d/.test(mode) ? `${mode}: octal number out of range` : `\`${mode}': invalid symbolic mode operator`,
        )
      process.umask = mask
    }
    return 0
  },
}

/** `u=rwx,g=rx,o=` as a mask. */
function symbolic(mode: string, mask: number): number | undefined {
  let allowed = 0o777 & ~mask
  for (const clause of mode.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause)
    if (!match) return undefined
    const bits = [...match[3]!].reduce((sum, letter) => sum | { r: 4, w: 2, x: 1 }[letter as 'r' | 'w' | 'x'], 0)
    for (const who of match[1] === '' || match[1]!.includes('a') ? 'ugo' : match[1]!) {
      const shift = { u: 6, g: 3, o: 0 }[who as 'u' | 'g' | 'o']
      if (match[2] === '=') allowed = (allowed & ~(7 << shift)) | (bits << shift)
      else allowed = match[2] === '+' ? allowed | (bits << shift) : allowed & ~(bits << shift)
    }
  }
  return 0o777 & ~allowed
}

const limits: readonly (readonly [letter: string, text: string, unit: string, value: string])[] = [
  ['R', 'real-time non-blocking time', '(microseconds, -R)', 'unlimited'],
  ['c', 'core file size', '(blocks, -c)', '0'],
  ['d', 'data seg size', '(kbytes, -d)', 'unlimited'],
  ['e', 'scheduling priority', '(-e)', '0'],
  ['f', 'file size', '(blocks, -f)', 'unlimited'],
  ['i', 'pending signals', '(-i)', '95981'],
  ['l', 'max locked memory', '(kbytes, -l)', '8192'],
  ['m', 'max memory size', '(kbytes, -m)', 'unlimited'],
  ['n', 'open files', '(-n)', '1048576'],
  ['p', 'pipe size', '(512 bytes, -p)', '8'],
  ['q', 'POSIX message queues', '(bytes, -q)', '819200'],
  ['r', 'real-time priority', '(-r)', '0'],
  ['s', 'stack size', '(kbytes, -s)', '8192'],
  ['t', 'cpu time', '(seconds, -t)', 'unlimited'],
  ['u', 'max user processes', '(-u)', 'unlimited'],
  ['v', 'virtual memory', '(kbytes, -v)', 'unlimited'],
  ['x', 'file locks', '(-x)', 'unlimited'],
]

/** `ulimit`. Simplified: limits are shown as Linux has them by default, and can't be changed. */
export const ulimit: Builtin = {
  name: 'ulimit',
  usage: '[-SHabcdefiklmnpqrstuvxPRT] [limit]',
  summary: 'Modify shell resource limits.',
  async run(shell, args) {
    const letters = args
      .filter(arg => arg.startsWith('-'))
      .flatMap(arg => [...arg.slice(1)])
      .filter(letter => !'SH'.includes(letter))
    const value = args.find(arg => !arg.startsWith('-'))
    const { process } = shell
    if (letters.includes('a')) {
      const lines = limits.map(
        ([, text, unit, limit]) => `${text.padEnd(27)} ${unit.padStart(20 - Math.max(0, text.length - 27))} ${limit}\n`,
      )
      await process.write(lines.join(''))
      return 0
    }
    for (const letter of letters.length > 0 ? letters : ['f']) {
      const limit = limits.find(each => each[0] === letter)
      if (!limit) return badOption(shell, ulimit, `-${letter}`)
      if (value === undefined) await process.write(`${limit[3]}\n`)
      else if (value !== limit[3] && value !== 'unlimited')
        return complain(shell, 'ulimit', `changing the ${limit[1]} is not simulated here`)
    }
    return 0
  },
}

/** `times`. Simplified: no processor time is measured. */
export const times: Builtin = {
  name: 'times',
  usage: '',
  summary: 'Display process times.',
  async run(shell) {
    await shell.process.write('0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n')
    return 0
  },
}
