import type { ParameterExpansionPart, ParameterOperation, SimpleExpansionPart, Word } from 'unbash'
import { CommandFailure } from './failures.ts'
import type { FieldBuilder } from './fieldBuilder.ts'
import type { Interpreter } from './interpreter.ts'
import { changeCase, removeMatch, replaceMatches, slice } from './parameterOperations.ts'
import { transform } from './parameterTransforms.ts'
import { isName, keysOf, valuesOf } from './variables.ts'

/** What a parameter stands for: one text, or several (`$@`, `${a[@]}`) that may be joined to one when quoted. */
interface ParameterValue {
  readonly values: readonly string[]
  readonly isMany: boolean
  /** Written with `*`: quoted, the values become one, joined by the first character of IFS. */
  readonly isJoined: boolean
  readonly isSet: boolean
}

interface Reference {
  readonly name: string
  readonly index: Word | undefined
}

/** Adds what `$name` or `${name…}` gives to a field builder. */
export async function addParameter(
  shell: Interpreter,
  part: SimpleExpansionPart | ParameterExpansionPart,
  builder: FieldBuilder,
  isQuoted: boolean,
): Promise<void> {
  if (part.type === 'SimpleExpansion') {
    const name = part.text.slice(1)
    const value = await lookUp(shell, { name, index: undefined })
    demandSet(shell, value, name)
    return add(shell, value, builder, isQuoted)
  }
  const bad = () => new CommandFailure(`${part.text}: bad substitution`, { isFatal: true, kind: 'substitution' })
  // `${!:+x}` is about `$!`.
  if (part.prefix === '!' && part.parameter === '' && part.operation) {
    return addParameter(shell, { ...part, prefix: undefined, parameter: '!' }, builder, isQuoted)
  }
  if (!isParameter(part.parameter) || part.operation?.type === 'Unknown') throw bad()
  if (part.prefix === '#') return add(shell, one(String(await lengthOf(shell, part))), builder, isQuoted)
  if (part.operation?.type === 'Names') {
    const names = shell.variables.all().map(([name]) => name)
    const found = names.filter(name => name.startsWith(part.parameter))
    return add(shell, many(found, part.operation.operator === '*'), builder, isQuoted)
  }
  let reference: Reference = { name: part.parameter, index: part.index }
  if (part.prefix === '!') {
    if (isWhole(part.index)) {
      const keys = keysOf(shell.variables.find(part.parameter))
      return add(shell, many(keys, part.index?.text === '*'), builder, isQuoted)
    }
    reference = await indirect(shell, part, bad)
  }
  const value = await lookUp(shell, reference)
  if (!part.operation) {
    demandSet(shell, value, nameOf(reference))
    return add(shell, value, builder, isQuoted)
  }
  if (part.operation.type === 'Default') {
    return addDefault(shell, reference, value, part.operation, builder, isQuoted)
  }
  demandSet(shell, value, nameOf(reference))
  return add(shell, await operate(shell, reference, value, part.operation, bad), builder, isQuoted)
}

async function addDefault(
  shell: Interpreter,
  reference: Reference,
  value: ParameterValue,
  operation: Extract<ParameterOperation, { type: 'Default' }>,
  builder: FieldBuilder,
  isQuoted: boolean,
): Promise<void> {
  const isColon = operation.operator.startsWith(':')
  const isThere = value.isSet && !(isColon && value.values.join('') === '')
  const operator = operation.operator.at(-1)
  const addOperand = () => shell.addWord(operation.operand, builder, isQuoted ? 'quoted' : 'operand')
  if (operator === '+') {
    if (isThere) await addOperand()
    else if (isQuoted) builder.quoted('')
    return
  }
  if (isThere) return add(shell, value, builder, isQuoted)
  if (operator === '-') {
    if (isQuoted && operation.operand.text === '') builder.quoted('')
    return addOperand()
  }
  const text = await shell.expandText(operation.operand)
  if (operator === '?') {
    const problem = text || (isColon ? 'parameter null or not set' : 'parameter not set')
    throw new CommandFailure(`${nameOf(reference)}: ${problem}`, { isFatal: true, endsCommand: true })
  }
  if (!isName(reference.name))
    throw new CommandFailure(`$${reference.name}: cannot assign in this way`, { isFatal: true })
  if (reference.index) await shell.assignElement(reference.name, reference.index.text, text)
  else shell.assign(reference.name, text)
  return add(shell, one(text), builder, isQuoted)
}

async function operate(
  shell: Interpreter,
  reference: Reference,
  value: ParameterValue,
  operation: Exclude<ParameterOperation, { type: 'Default' | 'Names' }>,
  bad: () => CommandFailure,
): Promise<ParameterValue> {
  const each = (change: (text: string) => string): ParameterValue => ({ ...value, values: value.values.map(change) })
  switch (operation.type) {
    case 'Remove': {
      const pattern = await shell.expandPattern(operation.operand)
      return each(text => removeMatch(text, operation.operator, pattern))
    }
    case 'Replace': {
      const pattern = await shell.expandPattern(operation.pattern)
      const replacement = await shell.expandText(operation.replacement)
      const usesMatch = shell.dialect === 'bash' && hasBareAmpersand(operation.replacement)
      return each(text => replaceMatches(text, operation.operator, pattern, replacement, usesMatch))
    }
    case 'Slice': {
      const offset = Number(await shell.calculate(await shell.expandText(operation.offset)))
      const length = operation.length && Number(await shell.calculate(await shell.expandText(operation.length)))
      if (!value.isMany) return each(text => slice([...text], offset, length).join(''))
      const values = reference.name === '@' || reference.name === '*' ? [shell.name, ...value.values] : value.values
      return { ...value, values: slice(values, offset, length) }
    }
    case 'CaseModification': {
      const pattern = operation.operand ? await shell.expandPattern(operation.operand) : '?'
      return each(text => changeCase(text, operation.operator, pattern))
    }
    case 'Transform':
      return transform(shell, reference.name, value, operation.operand.text, bad)
    default:
      throw bad()
  }
}

/** What a reference stands for now. */
async function lookUp(shell: Interpreter, { name, index }: Reference): Promise<ParameterValue> {
  if (name === '@' || name === '*') {
    return { ...many(shell.positional, name === '*'), isSet: shell.positional.length > 0 }
  }
  const special = shell.special(name)
  if (special !== null) return single(special)
  if (isWhole(index)) {
    const values = valuesOf(shell.variables.find(name))
    return { ...many(values, index!.text === '*'), isSet: values.length > 0 }
  }
  if (index) return single(await shell.elementAt(name, index))
  return single(shell.variables.get(name))
}

/** `${!name}`: the name that the variable holds, maybe with a subscript. */
async function indirect(
  shell: Interpreter,
  part: ParameterExpansionPart,
  bad: () => CommandFailure,
): Promise<Reference> {
  const target = shell.variables.findSelf(part.parameter)
  if (target?.isReference) return { name: 'BASH', index: undefined }
  const value = await lookUp(shell, { name: part.parameter, index: part.index })
  const text = value.values[0] ?? ''
  const match = /^(\w+|[@*#?$!-])(?:\[([^\]]+)\])?$/.exec(text)
  if (!match) {
    if (text === '') throw new CommandFailure(`${part.parameter}: invalid indirect expansion`)
    throw isName(text) ? bad() : new CommandFailure(`${text}: invalid variable name`)
  }
  return { name: match[1]!, index: match[2] === undefined ? undefined : shell.parser.word(match[2]) }
}

async function lengthOf(shell: Interpreter, part: ParameterExpansionPart): Promise<number> {
  const value = await lookUp(shell, { name: part.parameter, index: part.index })
  if (value.isMany) return value.values.length
  demandSet(shell, value, part.parameter)
  return [...(value.values[0] ?? '')].length
}

function add(shell: Interpreter, value: ParameterValue, builder: FieldBuilder, isQuoted: boolean): void {
  const separator = shell.separators.slice(0, 1)
  if (!value.isMany) {
    if (isQuoted) builder.quoted(value.values[0] ?? '')
    else builder.expanded(value.values[0] ?? '')
  } else if (isQuoted && value.isJoined) builder.quoted(value.values.join(separator))
  else if (!builder.splits && value.isJoined) builder.literal(value.values.join(separator))
  else {
    for (const [index, text] of value.values.entries()) {
      if (index > 0) builder.break()
      if (isQuoted) builder.quoted(text)
      else builder.expanded(text)
    }
  }
}

function demandSet(shell: Interpreter, value: ParameterValue, name: string): void {
  if (value.isSet || value.isMany || !shell.options.has('nounset')) return
  const shown = /^\d+$/.test(name) && shell.dialect === 'bash' ? `$${name}` : name
  const kind = { kind: 'unset', subject: name } as const
  throw new CommandFailure(`${shown}: unbound variable`, { ...kind, isFatal: true, endsCommand: true })
}

function one(text: string): ParameterValue {
  return { values: [text], isMany: false, isJoined: false, isSet: true }
}

function single(text: string | undefined): ParameterValue {
  return { values: text === undefined ? [] : [text], isMany: false, isJoined: false, isSet: text !== undefined }
}

function many(values: readonly string[], isJoined: boolean): ParameterValue {
  return { values, isMany: true, isJoined, isSet: true }
}

function isWhole(index: Word | undefined): boolean {
  return index?.text === '@' || index?.text === '*'
}

function nameOf({ name, index }: Reference): string {
  return index ? `${name}[${index.text}]` : name
}

function isParameter(name: string): boolean {
  return isName(name) || /^(\d+|[@*#?$!_-])$/.test(name)
}

/** An `&` outside quotes in a replacement. */
function hasBareAmpersand(word: Word): boolean {
  const isBare = (text: string) => /(^|[^\\])&/.test(text)
  if (word.parts === undefined) return isBare(word.text)
  return word.parts.some(part => (part.type === 'Literal' || part.type === 'Glob') && isBare(part.text))
}
