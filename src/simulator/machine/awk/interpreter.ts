import { compilePattern } from '../regularExpression.ts'
import { callBuiltin, isBuiltin } from './builtins.ts'
import { Fields } from './fields.ts'
import {
  type AwkProgram,
  AwkRuntimeError,
  type Expression,
  type Place,
  type Redirection,
  type Rule,
  type Statement,
} from './syntax.ts'
import { compareValues, formatAwk, inputValue, isTrue, numberOf, textOf, type Value } from './value.ts'

/** What a program of awk reads from and writes to. */
export interface AwkWorld {
  /** The next record of the input files; undefined at the end. */
  readRecord(separator: string): Promise<string | undefined>
  write(text: string, to?: { readonly mode: Redirection['mode']; readonly target: string }): Promise<void>
  /** Leaves out what is left of the current input file. */
  skipFile(): void
  /** One record of a file or of a command's output; undefined at the end, null when it cannot be opened. */
  readFrom(kind: 'file' | 'command', source: string, separator: string): Promise<string | undefined | null>
  close(target: string): Promise<number>
  system(command: string): Promise<number>
  random(): number
  /** Begins the random numbers anew and gives the seed before. */
  seed(seed: number): number
  formatTime(format: string, seconds: number): string
  /** Seconds since 1970. */
  now(): number
}

export type AwkArray = Map<string, Value>

/** What the program asks for that no value can say. */
class Jump {
  readonly to: 'next' | 'nextfile' | 'break' | 'continue' | 'exit' | 'return'
  readonly value: Value
  constructor(to: Jump['to'], value: Value = '') {
    this.to = to
    this.value = value
  }
}

/** The variables of a function call, or of the whole program. */
type Scope = Map<string, Value | AwkArray | undefined>

/** Runs a program of awk over records. */
export class AwkInterpreter {
  readonly world: AwkWorld
  readonly fields: Fields
  readonly #program: AwkProgram
  readonly #globals: Scope = new Map()
  readonly #scopes: Scope[] = []
  readonly #open = new Set<Rule>()
  readonly #patterns = new Map<string, RegExp>()
  #status = 0

  constructor(program: AwkProgram, world: AwkWorld) {
    this.#program = program
    this.world = world
    this.fields = new Fields(this)
    const start = {
      FS: ' ',
      OFS: ' ',
      ORS: '\n',
      RS: '\n',
      NR: 0,
      FNR: 0,
      SUBSEP: '\x1c',
      CONVFMT: '%.6g',
      OFMT: '%.6g',
    }
    for (const [name, value] of Object.entries(start)) this.#globals.set(name, value)
    this.#globals.set('RSTART', 0)
    this.#globals.set('RLENGTH', -1)
    this.#globals.set('FILENAME', '')
  }

  /** Runs everything and gives the exit status. */
  async run(): Promise<number> {
    try {
      await this.#runRules('begin')
      if (this.#program.rules.some(({ when }) => when.type !== 'begin')) await this.#runRecords()
    } catch (jump) {
      if (!(jump instanceof Jump) || jump.to !== 'exit') throw jump
    }
    try {
      await this.#runRules('end')
    } catch (jump) {
      if (!(jump instanceof Jump) || jump.to !== 'exit') throw jump
    }
    return this.#status
  }

  get(name: string): Value {
    if (name === 'NF') return this.fields.count
    const value = this.#scopeOf(name).get(name)
    if (value instanceof Map) throw new AwkRuntimeError(`illegal reference to array ${name}`)
    return value ?? ''
  }

  set(name: string, value: Value): void {
    if (name === 'NF') this.fields.count = numberOf(value)
    else this.#scopeOf(name).set(name, value)
  }

  text(name: string): string {
    return textOf(this.get(name))
  }

  array(name: string): AwkArray {
    const scope = this.#scopeOf(name)
    let array = scope.get(name)
    if (!(array instanceof Map)) {
      array = new Map()
      scope.set(name, array)
    }
    return array
  }

  hasArray(name: string): boolean {
    return this.#scopeOf(name).get(name) instanceof Map
  }

  /** A regular expression of the extended kind, compiled once. */
  pattern(source: string, flags: '' | 'g' = ''): RegExp {
    const key = `${flags}/${source}`
    let pattern = this.#patterns.get(key)
    if (!pattern) {
      const compiled = compilePattern(source, { syntax: 'extended', escapes: 'awk' })
      pattern = new RegExp(compiled.source, compiled.flags.replace('g', '') + flags)
      this.#patterns.set(key, pattern)
    }
    pattern.lastIndex = 0
    return pattern
  }

  /** The regular expression that an argument means: its own, or the one that its text spells. */
  async patternOf(expression: Expression | undefined): Promise<string> {
    if (!expression) return ''
    return expression.type === 'pattern' ? expression.source : textOf(await this.evaluate(expression))
  }

  async assign(place: Place, value: Value): Promise<void> {
    if (place.type === 'variable') this.set(place.name, value)
    else if (place.type === 'field') this.fields.set(numberOf(await this.evaluate(place.index)), textOf(value))
    else this.array(place.array).set(await this.#key(place.keys), value)
  }

  async evaluate(expression: Expression): Promise<Value> {
    switch (expression.type) {
      case 'number':
      case 'text':
        return expression.value
      case 'pattern':
        return Number(this.pattern(expression.source).test(this.fields.get(0)))
      case 'variable':
        return this.get(expression.name)
      case 'field':
        return inputValue(this.fields.get(numberOf(await this.evaluate(expression.index))))
      case 'element': {
        const array = this.array(expression.array)
        const key = await this.#key(expression.keys)
        // Asking for an element makes it.
        if (!array.has(key)) array.set(key, '')
        return array.get(key)!
      }
      case 'group':
        return this.evaluate(expression.value)
      case 'assign': {
        const right = await this.evaluate(expression.value)
        if (expression.operator === '=') {
          await this.assign(expression.place, right)
          return right
        }
        const left = numberOf(await this.evaluate(expression.place))
        const value = calculate(expression.operator.slice(0, -1), left, numberOf(right))
        await this.assign(expression.place, value)
        return value
      }
      case 'step': {
        const before = numberOf(await this.evaluate(expression.place))
        await this.assign(expression.place, before + expression.by)
        return expression.isPrefix ? before + expression.by : before
      }
      case 'unary': {
        const value = await this.evaluate(expression.value)
        if (expression.operator === '!') return Number(!isTrue(value))
        return expression.operator === '-' ? -numberOf(value) : numberOf(value)
      }
      case 'binary':
        return this.#binary(
          expression.operator,
          await this.evaluate(expression.left),
          await this.evaluate(expression.right),
        )
      case 'and':
        return Number(isTrue(await this.evaluate(expression.left)) && isTrue(await this.evaluate(expression.right)))
      case 'or':
        return Number(isTrue(await this.evaluate(expression.left)) || isTrue(await this.evaluate(expression.right)))
      case 'match': {
        const text = textOf(await this.evaluate(expression.text))
        const isFound = this.pattern(await this.patternOf(expression.pattern)).test(text)
        return Number(isFound !== expression.isNegated)
      }
      case 'choice':
        return this.evaluate(isTrue(await this.evaluate(expression.test)) ? expression.then : expression.otherwise)
      case 'in':
        return Number(this.array(expression.array).has(await this.#key(expression.keys)))
      case 'call':
        return this.#call(expression.name, expression.values)
      case 'getline':
        return this.#getline(expression)
    }
  }

  async #runRecords(): Promise<void> {
    for (;;) {
      const record = await this.world.readRecord(this.text('RS'))
      if (record === undefined) return
      this.#count()
      this.fields.record = record
      try {
        for (const rule of this.#program.rules) if (await this.#matches(rule)) await this.#runBody(rule)
      } catch (jump) {
        if (!(jump instanceof Jump) || (jump.to !== 'next' && jump.to !== 'nextfile')) throw jump
        if (jump.to === 'nextfile') this.world.skipFile()
      }
    }
  }

  #count(): void {
    this.set('NR', numberOf(this.get('NR')) + 1)
    this.set('FNR', numberOf(this.get('FNR')) + 1)
  }

  async #runRules(type: 'begin' | 'end'): Promise<void> {
    try {
      for (const rule of this.#program.rules) if (rule.when.type === type) await this.#runBody(rule)
    } catch (jump) {
      if (!(jump instanceof Jump) || (jump.to !== 'next' && jump.to !== 'nextfile')) throw jump
      throw new AwkRuntimeError(`improper use of ${jump.to}`)
    }
  }

  async #matches(rule: Rule): Promise<boolean> {
    const { when } = rule
    if (when.type === 'always') return true
    if (when.type === 'pattern') return isTrue(await this.evaluate(when.test))
    if (when.type !== 'range') return false
    if (!this.#open.has(rule)) {
      if (!isTrue(await this.evaluate(when.from))) return false
      this.#open.add(rule)
    }
    if (isTrue(await this.evaluate(when.to))) this.#open.delete(rule)
    return true
  }

  async #runBody({ body }: Rule): Promise<void> {
    if (body) await this.#execute(body)
    else await this.world.write(this.fields.get(0) + this.text('ORS'))
  }

  async #execute(statement: Statement): Promise<void> {
    switch (statement.type) {
      case 'block':
        for (const one of statement.body) await this.#execute(one)
        return
      case 'expression':
        await this.evaluate(statement.value)
        return
      case 'print': {
        const texts: string[] = []
        for (const value of statement.values) texts.push(textOf(await this.evaluate(value), this.text('OFMT')))
        const line = statement.values.length === 0 ? this.fields.get(0) : texts.join(this.text('OFS'))
        return this.#write(line + this.text('ORS'), statement.to)
      }
      case 'printf': {
        const values: Value[] = []
        for (const value of statement.values) values.push(await this.evaluate(value))
        return this.#write(formatAwk(textOf(values[0] ?? ''), values.slice(1)), statement.to)
      }
      case 'if':
        if (isTrue(await this.evaluate(statement.test))) return this.#execute(statement.then)
        return statement.otherwise && this.#execute(statement.otherwise)
      case 'while':
        while (isTrue(await this.evaluate(statement.test))) if (await this.#breaks(statement.body)) return
        return
      case 'do':
        do if (await this.#breaks(statement.body)) return
        while (isTrue(await this.evaluate(statement.test)))
        return
      case 'for':
        if (statement.start) await this.#execute(statement.start)
        while (!statement.test || isTrue(await this.evaluate(statement.test))) {
          if (await this.#breaks(statement.body)) return
          if (statement.step) await this.#execute(statement.step)
        }
        return
      case 'for-in':
        for (const key of [...this.array(statement.array).keys()]) {
          this.set(statement.name, inputValue(key))
          if (await this.#breaks(statement.body)) return
        }
        return
      case 'delete':
        if (statement.keys) this.array(statement.array).delete(await this.#key(statement.keys))
        else this.array(statement.array).clear()
        return
      case 'next':
      case 'nextfile':
      case 'break':
      case 'continue':
        throw new Jump(statement.type)
      case 'exit':
        if (statement.value) this.#status = numberOf(await this.evaluate(statement.value)) & 255
        throw new Jump('exit')
      case 'return':
        throw new Jump('return', statement.value ? await this.evaluate(statement.value) : '')
      case 'empty':
        return
    }
  }

  /** Runs the body of a loop once; true when it broke off. */
  async #breaks(body: Statement): Promise<boolean> {
    try {
      await this.#execute(body)
    } catch (jump) {
      if (!(jump instanceof Jump) || (jump.to !== 'break' && jump.to !== 'continue')) throw jump
      return jump.to === 'break'
    }
    return false
  }

  async #write(text: string, to: Redirection | undefined): Promise<void> {
    if (!to) return this.world.write(text)
    return this.world.write(text, { mode: to.mode, target: textOf(await this.evaluate(to.target)) })
  }

  #binary(operator: string, left: Value, right: Value): Value {
    switch (operator) {
      case ' ':
        return textOf(left, this.text('CONVFMT')) + textOf(right, this.text('CONVFMT'))
      case '<':
        return Number(compareValues(left, right) < 0)
      case '<=':
        return Number(compareValues(left, right) <= 0)
      case '>':
        return Number(compareValues(left, right) > 0)
      case '>=':
        return Number(compareValues(left, right) >= 0)
      case '==':
        return Number(compareValues(left, right) === 0)
      case '!=':
        return Number(compareValues(left, right) !== 0)
      default:
        return calculate(operator, numberOf(left), numberOf(right))
    }
  }

  async #call(name: string, values: readonly Expression[]): Promise<Value> {
    if (isBuiltin(name)) return callBuiltin(name, values, this)
    const definition = this.#program.functions.get(name)
    if (!definition) throw new AwkRuntimeError(`function ${name} never defined`)
    const scope: Scope = new Map()
    for (const [index, parameter] of definition.parameters.entries()) {
      const value = values[index]
      // An array goes by reference; a name that is nothing yet may become one.
      const array = value?.type === 'variable' ? this.#scopeOf(value.name).get(value.name) : undefined
      if (array instanceof Map) scope.set(parameter, array)
      else scope.set(parameter, value && (await this.evaluate(value)))
    }
    this.#scopes.push(scope)
    try {
      await this.#execute(definition.body)
      return ''
    } catch (jump) {
      if (!(jump instanceof Jump) || jump.to !== 'return') throw jump
      return jump.value
    } finally {
      this.#scopes.pop()
    }
  }

  async #getline({ into, from }: Expression & { type: 'getline' }): Promise<Value> {
    const separator = this.text('RS')
    const record = from
      ? await this.world.readFrom(from.kind, textOf(await this.evaluate(from.source)), separator)
      : await this.world.readRecord(separator)
    if (record === null) return -1
    if (record === undefined) return 0
    if (from?.kind !== 'file') this.#count()
    if (into) await this.assign(into, inputValue(record))
    else this.fields.record = record
    return 1
  }

  async #key(keys: readonly Expression[]): Promise<string> {
    const texts: string[] = []
    for (const key of keys) texts.push(textOf(await this.evaluate(key), this.text('CONVFMT')))
    return texts.join(this.text('SUBSEP'))
  }

  #scopeOf(name: string): Scope {
    const scope = this.#scopes.at(-1)
    return scope?.has(name) ? scope : this.#globals
  }
}

function calculate(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '%':
      return left % right
    default:
      return left ** right
  }
}
