import type { Process } from '../program.ts'
import type { Interpreter } from './interpreter.ts'
import { keysOf } from './variables.ts'

/** The unary operators of `test` and `[[ ]]`. */
export const unaryOperators: ReadonlySet<string> = new Set(
  [
    'a',
    'b',
    'c',
    'd',
    'e',
    'f',
    'g',
    'h',
    'k',
    'L',
    'n',
    'N',
    'o',
    'O',
    'G',
    'p',
    'r',
    's',
    'S',
    't',
    'u',
    'v',
    'w',
    'x',
    'z',
    'R',
  ].map(letter => `-${letter}`),
)

/** The binary operators of `test`; `[[ ]]` has `=~` too. */
export const binaryOperators: ReadonlySet<string> = new Set([
  '=',
  '==',
  '!=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
])

/** `-f file`, `-n text` and their kin. */
export function testUnary(shell: Interpreter, operator: string, operand: string): boolean {
  const { process } = shell
  const { files } = process
  switch (operator) {
    case '-n':
      return operand !== ''
    case '-z':
      return operand === ''
    case '-v':
      return isSet(shell, operand)
    case '-R':
      return shell.variables.findSelf(operand)?.isReference === true
    case '-o':
      return shell.options.has(operand)
    case '-t':
      return process.descriptors.get(Number(operand))?.terminal !== undefined
  }
  if (operand === '') return false
  const path = process.path(operand)
  if (operator === '-L' || operator === '-h') return linkAt(process, path)
  const stat = files.find(path)
  if (!stat) return false
  switch (operator) {
    case '-a':
    case '-e':
      return true
    case '-f':
      return stat.kind === 'file'
    case '-d':
      return stat.kind === 'directory'
    case '-c':
      return stat.kind === 'character'
    case '-p':
      return stat.kind === 'fifo'
    case '-S':
      return stat.kind === 'socket'
    case '-s':
      return stat.size > 0
    case '-r':
      return files.may('read', path)
    case '-w':
      return files.may('write', path)
    case '-x':
      return files.may('execute', path)
    case '-O':
      return stat.uid === process.user.uid
    case '-G':
      return stat.gid === process.user.gid
    case '-u':
      return (stat.mode & 0o4000) !== 0
    case '-g':
      return (stat.mode & 0o2000) !== 0
    case '-k':
      return (stat.mode & 0o1000) !== 0
    case '-N':
      return true
    default:
      return false
  }
}

/** Comparisons of files: `-nt`, `-ot`, `-ef`. */
export function compareFiles(process: Process, operator: string, left: string, right: string): boolean {
  const one = process.files.find(process.path(left))
  const other = process.files.find(process.path(right))
  if (operator === '-ef') return one !== undefined && other !== undefined && one.number === other.number
  const [newer, older] = operator === '-nt' ? [one, other] : [other, one]
  return newer !== undefined && (older === undefined || newer.modified > older.modified)
}

/** Comparisons of numbers. */
export function compareNumbers(operator: string, left: bigint, right: bigint): boolean {
  switch (operator) {
    case '-eq':
      return left === right
    case '-ne':
      return left !== right
    case '-lt':
      return left < right
    case '-le':
      return left <= right
    case '-gt':
      return left > right
    default:
      return left >= right
  }
}

function isSet(shell: Interpreter, name: string): boolean {
  const match = /^(\w+)\[(.*)\]$/.exec(name)
  if (!match) return shell.variables.get(name) !== undefined
  const variable = shell.variables.find(match[1]!)
  if (match[2] === '@' || match[2] === '*') return keysOf(variable).length > 0
  return shell.variables.element(match[1]!, match[2]!) !== undefined
}

function linkAt(process: Process, path: string): boolean {
  try {
    return process.files.lstat(path).kind === 'link'
  } catch {
    return false
  }
}
