import type { Assignment, Word } from 'unbash'
import { assign } from '../assignments.ts'
import { type Builtin, badOption, complain } from '../builtin.ts'
import { functionText } from '../functions.ts'
import type { Interpreter } from '../interpreter.ts'
import { attributeLetters, declaration } from '../parameterTransforms.ts'
import { shellQuoted } from '../quote.ts'
import { isName, type Variable } from '../variables.ts'
import { expandText } from '../words.ts'

type Argument = string | Assignment

const attributes: Readonly<Record<string, (variable: Variable, isOn: boolean) => void>> = {
  a: variable => {
    if (!variable.list) {
      variable.list = new Map(variable.text === undefined ? [] : [[0, variable.text]])
      delete variable.text
    }
  },
  A: variable => {
    variable.table ??= new Map()
    delete variable.text
  },
  i: (variable, isOn) => {
    variable.isInteger = isOn
  },
  l: (variable, isOn) => {
    variable.isLowercase = isOn
  },
  u: (variable, isOn) => {
    variable.isUppercase = isOn
  },
  n: (variable, isOn) => {
    variable.isReference = isOn
  },
  r: variable => {
    variable.isReadonly = true
  },
  x: (variable, isOn) => {
    variable.isExported = isOn
  },
  t: () => {},
}

/** `declare`. */
export const declare: Builtin = declaring(
  'declare',
  '[-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]',
  'Set variable values and attributes.',
)

/** `typeset`, the same. */
export const typeset: Builtin = declaring(
  'typeset',
  '[-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]',
  'Set variable values and attributes.',
)

/** `local`. */
export const local: Builtin = declaring('local', '[option] name[=value] ...', 'Define local variables.')

/** `export`. */
export const exportVariables: Builtin = declaring(
  'export',
  '[-fn] [name[=value] ...] or export -p',
  'Set export attribute for shell variables.',
)

/** `readonly`. */
export const readonlyVariables: Builtin = declaring(
  'readonly',
  '[-aAf] [name[=value] ...] or readonly -p',
  'Mark shell variables as unchangeable.',
)

function declaring(name: string, usage: string, summary: string): Builtin {
  const builtin: Builtin = {
    name,
    usage,
    summary,
    run: (shell, args) => declareAll(shell, builtin, args),
    declare: (shell, args) => declareAll(shell, builtin, args),
  }
  return builtin
}

async function declareAll(shell: Interpreter, builtin: Builtin, args: readonly Argument[]): Promise<number> {
  const { name } = builtin
  if (name === 'local' && !shell.variables.isInFunction) {
    if (shell.dialect === 'ash') return complain(shell, name, 'not in a function', 2)
    return shell.dialect === 'dash'
      ? complain(shell, name, 'not in a function', 2)
      : complain(shell, name, 'can only be used in a function')
  }
  const on = new Set<string>(name === 'export' ? ['x'] : name === 'readonly' ? ['r'] : [])
  const off = new Set<string>()
  const flags = new Set<string>()
  const rest: Argument[] = []
  for (const [index, arg] of args.entries()) {
    if (typeof arg !== 'string' || !/^[-+]./.test(arg) || rest.length > 0) {
      rest.push(arg)
      continue
    }
    if (arg === '--') {
      rest.push(...args.slice(index + 1))
      break
    }
    for (const letter of arg.slice(1)) {
      if (name === 'export' && letter === 'n') off.add('x')
      else if (attributes[letter] && name !== 'export') (arg.startsWith('-') ? on : off).add(letter)
      else if ('fFgpI'.includes(letter)) flags.add(letter)
      else return badOption(shell, builtin, `${arg[0]}${letter}`)
    }
  }
  if (off.has('x')) on.delete('x')
  if (flags.has('f') || flags.has('F')) return showFunctions(shell, rest, flags)
  if (rest.length === 0 || flags.has('p')) return show(shell, builtin, on, rest)
  let status = 0
  for (const arg of rest) status = (await declareOne(shell, builtin, arg, on, off, flags)) || status
  return status
}

async function declareOne(
  shell: Interpreter,
  builtin: Builtin,
  arg: Argument,
  on: ReadonlySet<string>,
  off: ReadonlySet<string>,
  flags: ReadonlySet<string>,
): Promise<number> {
  const text = typeof arg === 'string' ? arg : arg.text
  const match = typeof arg === 'string' ? /^([^=+[]+)(\[[^\]]*\])?(\+?=([\s\S]*))?$/.exec(arg) : undefined
  const name = typeof arg === 'string' ? (match?.[1] ?? arg) : arg.name
  if (!isName(name)) {
    if (shell.dialect !== 'bash') return complain(shell, builtin.name, `${name}: bad variable name`, 2)
    return complain(shell, builtin.name, `\`${text}': not a valid identifier`)
  }
  const { variables } = shell
  const isLocal = variables.isInFunction && !flags.has('g') && builtin.name !== 'export' && builtin.name !== 'readonly'
  const isReference = on.has('n') && typeof arg !== 'string'
  const isPlain = typeof arg !== 'string' && arg.value.type === 'Word' && !arg.index && !arg.append
  const given = isPlain ? await expandText(shell, arg.value as Word, true) : undefined
  const variable = isLocal ? variables.declareLocal(name) : variables.declare(name)
  for (const letter of 'aAilun')
    if (on.has(letter) && !(letter === 'n' && isReference)) attributes[letter]!(variable, true)
  for (const letter of off) attributes[letter]!(variable, false)
  if (given !== undefined) shell.assign(name, given)
  else if (typeof arg !== 'string') await assign(shell, arg)
  else if (match?.[3]) {
    const value = match[4] ?? ''
    shell.assign(name, match[3].startsWith('+') ? (variables.get(name) ?? '') + value : value)
  }
  const declared = variables.findSelf(name)!
  if (isReference) attributes['n']!(declared, true)
  for (const letter of 'rx') if (on.has(letter)) attributes[letter]!(declared, true)
  return 0
}

async function show(
  shell: Interpreter,
  builtin: Builtin,
  on: ReadonlySet<string>,
  names: readonly Argument[],
): Promise<number> {
  const { variables, process } = shell
  if (names.length > 0) {
    let status = 0
    for (const arg of names) {
      const name = typeof arg === 'string' ? arg : arg.name
      const variable = variables.findSelf(name)
      if (variable) await process.write(`${declaration(name, variable)}\n`)
      else status = await complain(shell, builtin.name, `${name}: not found`)
    }
    return status
  }
  const isShown = ([, variable]: [string, Variable]) =>
    [...on].every(letter => attributeLetters(variable).includes(letter))
  const all = (builtin.name === 'local' ? variables.locals() : variables.all()).filter(isShown)
  const line = ([name, variable]: [string, Variable]) => {
    if (shell.dialect !== 'bash') {
      const value = variable.text === undefined ? '' : `=${shellQuoted(variable.text)}`
      return `${builtin.name} ${name}${value}\n`
    }
    if (on.size === 0 && builtin.name !== 'local') return settingLine(name, variable)
    return `${declaration(name, variable)}\n`
  }
  await process.write(all.map(line).join(''))
  return 0
}

function plainValue(variable: Variable): string {
  const text = variable.text ?? ''
  return /^[\w@%+=:,./-]*$/.test(text) ? text : shellQuoted(text)
}

async function showFunctions(
  shell: Interpreter,
  names: readonly Argument[],
  flags: ReadonlySet<string>,
): Promise<number> {
  const wanted = names.length > 0 ? names.map(String) : [...shell.functions.keys()].sort()
  let status = 0
  for (const name of wanted) {
    const found = shell.functions.get(name)
    if (!found) status = 1
    else if (flags.has('F')) await shell.process.write(names.length > 0 ? `${name}\n` : `declare -f ${name}\n`)
    else await shell.process.write(`${functionText(found)}\n`)
  }
  return status
}

/** A variable as `set` alone prints it. */
export function settingLine(name: string, variable: Variable): string {
  if (!variable.list && !variable.table) return `${name}=${plainValue(variable)}\n`
  return `${declaration(name, variable).replace(/^declare -\S+ /, '')}\n`
}
