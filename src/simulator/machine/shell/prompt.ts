import { lastName } from '../path.ts'
import { decodeEscapes } from './escapes.ts'
import type { Interpreter } from './interpreter.ts'

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Replaces the backslash escapes of PS1 and its kin: `\u@\h:\w\$ `. */
export function expandPrompt(shell: Interpreter, text: string): string {
  return text.replace(
    /\\(\d{3}|x[0-9a-fA-F]{2}|D\{[^}]*\}|[\s\S])/g,
    (all, code: string) => escapeText(shell, code) ?? all,
  )
}

function escapeText(shell: Interpreter, code: string): string | undefined {
  const { process } = shell
  const date = new Date(process.machine.now())
  const two = (value: number) => String(value).padStart(2, '0')
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  switch (code[0]) {
    case 'u':
      return process.user.name
    case 'h':
      return process.machine.hostname.split('.')[0]
    case 'H':
      return process.machine.hostname
    case 'w':
      return shortDirectory(shell)
    case 'W':
      return process.cwd === shell.variables.get('HOME') ? '~' : lastName(process.cwd) || '/'
    case '$':
      return process.user.uid === 0 ? '#' : '$'
    case 's':
      return shell.name.replace(/^.*\//, '').replace(/^-/, '')
    case 'v':
      return '5.2'
    case 'V':
      return '5.2.15'
    case 'j':
      return String(shell.jobs.all.length)
    case 'l':
      return 'pts/0'
    case '!':
    case '#':
      return String(shell.history.nextNumber)
    case 't':
      return time
    case 'A':
      return time.slice(0, 5)
    case 'T':
      return `${two(((date.getUTCHours() + 11) % 12) + 1)}${time.slice(2)}`
    case '@':
      return `${two(((date.getUTCHours() + 11) % 12) + 1)}:${time.slice(3, 5)} ${date.getUTCHours() < 12 ? 'AM' : 'PM'}`
    case 'd':
      return `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${two(date.getUTCDate())}`
    case 'D':
      return time
    case '[':
    case ']':
      return ''
    case 'n':
      return '\n'
    case 'r':
      return '\r'
    case 'e':
    case 'a':
    case '\\':
      return decodeEscapes(`\\${code}`)
  }
  if (/^\d{3}$|^x/.test(code)) return decodeEscapes(`\\${code}`)
  return undefined
}

/** The working directory, with `~` for the home directory. */
function shortDirectory(shell: Interpreter): string {
  const { cwd } = shell.process
  const home = shell.variables.get('HOME')
  if (!home || home === '/') return cwd
  return cwd === home || cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd
}
