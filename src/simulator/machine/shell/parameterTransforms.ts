import { decodeEscapes } from './escapes.ts'
import type { CommandFailure } from './failures.ts'
import type { Interpreter } from './interpreter.ts'
import { expandPrompt } from './prompt.ts'
import { declarationQuoted, shellQuoted } from './quote.ts'
import { keysOf, type Variable } from './variables.ts'

/** `${x@Q}` and the other letters after `@`. */
export function transform<T extends { readonly values: readonly string[]; readonly isMany: boolean }>(
  shell: Interpreter,
  name: string,
  value: T,
  letter: string,
  bad: () => CommandFailure,
): T {
  const variable = shell.variables.find(name)
  const each = (change: (text: string) => string): T => ({ ...value, values: value.values.map(change) })
  switch (letter) {
    case 'Q':
      return each(shellQuoted)
    case 'E':
      return each(text => decodeEscapes(text))
    case 'P':
      return each(text => expandPrompt(shell, text))
    case 'U':
      return each(text => text.toUpperCase())
    case 'u':
      return each(text => text.slice(0, 1).toUpperCase() + text.slice(1))
    case 'L':
      return each(text => text.toLowerCase())
    case 'a':
      return each(() => (variable ? attributeLetters(variable) : ''))
    case 'A':
      return { ...value, values: variable ? [declaration(name, variable)] : [] }
    case 'K':
    case 'k': {
      if (!value.isMany) return each(shellQuoted)
      const keys = keysOf(variable)
      return letter === 'k'
        ? { ...value, values: keys.flatMap((key, index) => [key, value.values[index]!]) }
        : {
            ...value,
            values: [keys.map((key, index) => `${key} ${declarationQuoted(value.values[index]!)}`).join(' ')],
          }
    }
    default:
      throw bad()
  }
}

/** The letters that `declare -p` shows after the dash. */
export function attributeLetters(variable: Variable): string {
  return (
    (variable.list ? 'a' : '') +
    (variable.table ? 'A' : '') +
    (variable.isInteger ? 'i' : '') +
    (variable.isLowercase ? 'l' : '') +
    (variable.isReference ? 'n' : '') +
    (variable.isReadonly ? 'r' : '') +
    (variable.isUppercase ? 'u' : '') +
    (variable.isExported ? 'x' : '')
  )
}

/** A variable as a `declare` command that would make it. */
export function declaration(name: string, variable: Variable): string {
  const letters = attributeLetters(variable) || '-'
  const start = `declare -${letters} ${name}`
  const keyed = (key: string, text: string) =>
    `[${/^[\w]+$/.test(key) ? key : declarationQuoted(key)}]=${declarationQuoted(text)}`
  if (variable.table) {
    return `${start}=(${keysOf(variable)
      .map(key => `${keyed(key, variable.table!.get(key)!)} `)
      .join('')})`
  }
  if (variable.list) {
    return `${start}=(${keysOf(variable)
      .map(key => keyed(key, variable.list!.get(Number(key))!))
      .join(' ')})`
  }
  return variable.text === undefined ? start : `${start}=${declarationQuoted(variable.text)}`
}
