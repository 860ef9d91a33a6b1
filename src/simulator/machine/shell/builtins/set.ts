import { type Builtin, badOption, complain } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'
import { settingLine } from './declarations.ts'

/** `set -o` names and their letters. */
const optionNames: Readonly<Record<string, string>> = {
  allexport: 'a',
  braceexpand: 'B',
  emacs: '',
  errexit: 'e',
  errtrace: 'E',
  functrace: 'T',
  hashall: 'h',
  histexpand: 'H',
  history: '',
  ignoreeof: '',
  'interactive-comments': '',
  keyword: 'k',
  monitor: 'm',
  noclobber: 'C',
  noexec: 'n',
  noglob: 'f',
  nolog: '',
  notify: 'b',
  nounset: 'u',
  onecmd: 't',
  physical: 'P',
  pipefail: '',
  posix: '',
  privileged: 'p',
  verbose: 'v',
  vi: '',
  xtrace: 'x',
}

/** `set`. */
export const set: Builtin = {
  name: 'set',
  usage: '[-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]',
  summary: 'Set or unset values of shell options and positional parameters.',
  async run(shell, args) {
    if (args.length === 0) {
      await shell.process.write(
        shell.variables
          .all()
          .filter(([, variable]) => variable.text !== undefined || variable.list || variable.table)
          .map(([name, variable]) => settingLine(name, variable))
          .join(''),
      )
      return 0
    }
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!
      if (arg === '--' || arg === '-') {
        if (arg === '--' || i + 1 < args.length) shell.positional = args.slice(i + 1)
        return 0
      }
      if (!/^[-+]./.test(arg)) {
        shell.positional = args.slice(i)
        return 0
      }
      const isOn = arg.startsWith('-')
      for (const letter of arg.slice(1)) {
        if (letter !== 'o') {
          if (!setLetter(shell, letter, isOn)) return badOption(shell, set, `${arg[0]}${letter}`)
        } else if (i + 1 === args.length) await showOptions(shell, isOn)
        else if (!setOption(shell, args[++i]!, isOn)) {
          return complain(shell, 'set', `${args[i]}: invalid option name`, 2)
        }
      }
    }
    return 0
  },
}

/** Switches an option by its letter; false when there is no such letter. */
export function setLetter(shell: Interpreter, letter: string, isOn: boolean): boolean {
  const name = Object.keys(optionNames).find(each => optionNames[each] === letter)
  return name !== undefined && setOption(shell, name, isOn)
}

/** Switches an option by its name; false when there is no such name. */
export function setOption(shell: Interpreter, name: string, isOn: boolean): boolean {
  if (optionNames[name] === undefined) return false
  if (name === 'braceexpand') return setOptionIn(shell, 'nobraceexpand', !isOn)
  if (name === 'monitor') shell.hasJobControl = isOn
  return setOptionIn(shell, name, isOn)
}

function setOptionIn(shell: Interpreter, name: string, isOn: boolean): true {
  if (isOn) shell.options.add(name)
  else shell.options.delete(name)
  return true
}

async function showOptions(shell: Interpreter, isTable: boolean): Promise<void> {
  const isOn = (name: string) => {
    if (name === 'braceexpand') return !shell.options.has('nobraceexpand')
    if (name === 'hashall' || name === 'interactive-comments') return true
    if (name === 'emacs' || name === 'histexpand' || name === 'history') return shell.isInteractive
    return name === 'monitor' ? shell.hasJobControl : shell.options.has(name)
  }
  const line = (name: string) =>
    isTable ? `${name.padEnd(15)}\t${isOn(name) ? 'on' : 'off'}\n` : `set ${isOn(name) ? '-' : '+'}o ${name}\n`
  await shell.process.write(Object.keys(optionNames).map(line).join(''))
}
