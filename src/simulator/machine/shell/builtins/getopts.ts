import { type Builtin, complain } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'

/** `getopts`. */
export const getopts: Builtin = {
  name: 'getopts',
  usage: 'optstring name [arg ...]',
  summary: 'Parse option arguments.',
  async run(shell, args) {
    const [letters, name, ...given] = args
    if (letters === undefined || name === undefined) {
      await shell.process.stderr.write(`getopts: usage: getopts ${getopts.usage}\n`)
      return 2
    }
    const words = given.length > 0 ? given : shell.positional
    let index = Number(shell.variables.get('OPTIND') ?? 1)
    if (index === 1 && shell.optionRest !== '' && !words[0]?.endsWith(shell.optionRest)) shell.optionRest = ''
    if (shell.optionRest === '') {
      const word = words[index - 1]
      const isEnd = word === '--'
      if (word === undefined || isEnd || !word.startsWith('-') || word === '-') {
        shell.assign('OPTIND', String(isEnd ? index + 1 : index))
        shell.assign(name, '?')
        return 1
      }
      shell.optionRest = word.slice(1)
    }
    const letter = shell.optionRest[0]!
    shell.optionRest = shell.optionRest.slice(1)
    const isSilent = letters.startsWith(':')
    const place = letter === ':' ? -1 : letters.indexOf(letter)
    shell.variables.unset('OPTARG')
    if (place < 0) {
      shell.assign(name, '?')
      if (isSilent) shell.assign('OPTARG', letter)
      else await illegal(shell, `illegal option -- ${letter}`)
    } else if (letters[place + 1] === ':') {
      if (shell.optionRest !== '') {
        shell.assign('OPTARG', shell.optionRest)
        shell.optionRest = ''
        shell.assign(name, letter)
      } else if (words[index] !== undefined) {
        shell.assign('OPTARG', words[index++]!)
        shell.assign(name, letter)
      } else {
        shell.assign(name, isSilent ? ':' : '?')
        if (isSilent) shell.assign('OPTARG', letter)
        else await illegal(shell, `option requires an argument -- ${letter}`)
      }
    } else shell.assign(name, letter)
    if (shell.optionRest === '') index++
    shell.assign('OPTIND', String(index))
    return 0
  },
}

function illegal(shell: Interpreter, problem: string): Promise<number> | Promise<void> {
  if (shell.variables.get('OPTERR') === '0') return Promise.resolve()
  if (shell.dialect === 'bash') return shell.process.stderr.write(`${shell.name}: ${problem}\n`)
  return complain(shell, 'getopts', problem)
}
