import { splitText } from './fields.ts'
import type { AwkInterpreter } from './interpreter.ts'
import { AwkRuntimeError, type Expression, type Place } from './syntax.ts'
import { formatAwk, inputValue, numberOf, textOf, type Value } from './value.ts'

type Builtin = (values: readonly Expression[], awk: AwkInterpreter) => Promise<Value> | Value

/** A function of numbers, of which the first argument counts. */
const ofNumber =
  (calculate: (number: number) => number): Builtin =>
  async (values, awk) =>
    calculate(numberOf(values[0] ? await awk.evaluate(values[0]) : 0))

const textAt = async (values: readonly Expression[], index: number, awk: AwkInterpreter) => {
  const value = values[index]
  return value ? textOf(await awk.evaluate(value)) : ''
}

const builtins: Readonly<Record<string, Builtin>> = {
  sin: ofNumber(Math.sin),
  cos: ofNumber(Math.cos),
  exp: ofNumber(Math.exp),
  log: ofNumber(Math.log),
  sqrt: ofNumber(Math.sqrt),
  int: ofNumber(Math.trunc),
  rand: (_, awk) => awk.world.random(),
  async srand(values, awk) {
    const seed = values[0] ? numberOf(await awk.evaluate(values[0])) : awk.world.now()
    return awk.world.seed(seed)
  },
  systime: (_, awk) => awk.world.now(),
  async strftime(values, awk) {
    const format = values[0] ? await textAt(values, 0, awk) : '%c'
    const seconds = values[1] ? numberOf(await awk.evaluate(values[1])) : awk.world.now()
    return awk.world.formatTime(format, seconds)
  },
  fflush: () => 0,
  async atan2(values, awk) {
    const [y, x] = [values[0], values[1]]
    return Math.atan2(numberOf(y ? await awk.evaluate(y) : 0), numberOf(x ? await awk.evaluate(x) : 0))
  },
  async length(values, awk) {
    const value = values[0]
    if (!value) return [...awk.fields.get(0)].length
    if (value.type === 'variable' && awk.hasArray(value.name)) return awk.array(value.name).size
    return [...textOf(await awk.evaluate(value))].length
  },
  async substr(values, awk) {
    const text = [...(await textAt(values, 0, awk))]
    const start = Math.round(numberOf(values[1] ? await awk.evaluate(values[1]) : 1))
    const end = values[2] ? start + Math.round(numberOf(await awk.evaluate(values[2]))) : text.length + 1
    return text.slice(Math.max(0, start - 1), Math.max(0, end - 1)).join('')
  },
  async index(values, awk) {
    return (await textAt(values, 0, awk)).indexOf(await textAt(values, 1, awk)) + 1
  },
  async tolower(values, awk) {
    return (await textAt(values, 0, awk)).toLowerCase()
  },
  async toupper(values, awk) {
    return (await textAt(values, 0, awk)).toUpperCase()
  },
  async sprintf(values, awk) {
    const given: Value[] = []
    for (const value of values) given.push(await awk.evaluate(value))
    return formatAwk(textOf(given[0] ?? ''), given.slice(1))
  },
  async match(values, awk) {
    const found = awk.pattern(await awk.patternOf(values[1])).exec(await textAt(values, 0, awk))
    awk.set('RSTART', found ? found.index + 1 : 0)
    awk.set('RLENGTH', found ? found[0].length : -1)
    return found ? found.index + 1 : 0
  },
  async split(values, awk) {
    const text = await textAt(values, 0, awk)
    const target = values[1]
    if (target?.type !== 'variable') throw new AwkRuntimeError('split: second argument is not an array')
    const separator = values[2] ? await awk.patternOf(values[2]) : awk.text('FS')
    const parts = splitText(text, separator, awk)
    const array = awk.array(target.name)
    array.clear()
    for (const [index, part] of parts.entries()) array.set(String(index + 1), inputValue(part))
    return parts.length
  },
  sub: (values, awk) => substitute(values, awk, ''),
  gsub: (values, awk) => substitute(values, awk, 'g'),
  async system(values, awk) {
    return awk.world.system(await textAt(values, 0, awk))
  },
  async close(values, awk) {
    return awk.world.close(await textAt(values, 0, awk))
  },
}

export function isBuiltin(name: string): boolean {
  return Object.hasOwn(builtins, name)
}

export function callBuiltin(name: string, values: readonly Expression[], awk: AwkInterpreter): Promise<Value> | Value {
  return builtins[name]!(values, awk)
}

/** `sub` and `gsub`: `&` in the replacement is what was found, `\\&` a real one. */
async function substitute(values: readonly Expression[], awk: AwkInterpreter, flags: '' | 'g'): Promise<number> {
  const pattern = awk.pattern(await awk.patternOf(values[0]), flags)
  const replacement = await textAt(values, 1, awk)
  const place = (values[2] ?? { type: 'field', index: { type: 'number', value: 0 } }) as Place
  const text = textOf(await awk.evaluate(place))
  let count = 0
  const changed = text.replace(pattern, found => {
    count++
    return replacement.replace(/\\\\&|\\&|&/g, mark => (mark === '&' ? found : mark === '\\&' ? '&' : `\\${found}`))
  })
  if (count > 0) await awk.assign(place, changed)
  return count
}
