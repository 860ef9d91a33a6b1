import { CommandFailure } from './failures.ts'

/** A shell variable: a text, a list or a table, and what `declare` says of it. */
export interface Variable {
  text?: string
  list?: Map<number, string>
  table?: Map<string, string>
  isExported?: boolean
  isReadonly?: boolean
  isInteger?: boolean
  isLowercase?: boolean
  isUppercase?: boolean
  /** Names another variable (`declare -n`). */
  isReference?: boolean
}

/** Variables that are worked out when they are read, and maybe do something when they are set. */
export interface Computed {
  get(): string | readonly string[] | undefined
  set?(value: string): void
}

/** The variables of a shell: one scope for all, and one more for each function that runs. */
export class Variables {
  readonly #scopes: Map<string, Variable>[]
  readonly #computed = new Map<string, Computed>()

  /** What came in under names that no variable can have: children get it as it is. */
  readonly foreign = new Map<string, string>()

  constructor(scopes: Map<string, Variable>[] = [new Map()]) {
    this.#scopes = scopes
  }

  /** A copy for a subshell. */
  fork(): Variables {
    const copy = new Variables(
      this.#scopes.map(scope => new Map([...scope].map(([name, variable]) => [name, copyOf(variable)]))),
    )
    for (const [name, text] of this.foreign) copy.foreign.set(name, text)
    return copy
  }

  compute(name: string, computed: Computed): void {
    this.#computed.set(name, computed)
  }

  /** The variable of a name, after following references. */
  find(name: string): Variable | undefined {
    const variable = this.findSelf(name)
    if (variable?.isReference && variable.text) return this.find(variable.text)
    return variable
  }

  /** The variable of a name; a reference itself. */
  findSelf(name: string): Variable | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const variable = this.#scopes[i]!.get(name)
      if (variable) return variable
    }
    const computed = this.#computed.get(name)?.get()
    if (computed === undefined) return undefined
    return typeof computed === 'string' ? { text: computed } : { list: new Map(computed.entries()) }
  }

  /** The text of a variable; of a list its first element. */
  get(name: string): string | undefined {
    const variable = this.find(name)
    return variable && textOf(variable)
  }

  /** The element of a list or table; the text itself is element 0. */
  element(name: string, key: string | number): string | undefined {
    const variable = this.find(name)
    if (!variable) return undefined
    if (variable.table) return variable.table.get(String(key))
    if (variable.list) return variable.list.get(Number(key))
    return Number(key) === 0 ? variable.text : undefined
  }

  set(name: string, text: string): void {
    const target = this.#target(name)
    const variable = this.#writable(target)
    const value = cased(variable, text)
    if (variable.table) variable.table.set('0', value)
    else if (variable.list) variable.list.set(0, value)
    else variable.text = value
  }

  setElement(name: string, key: string | number, text: string): void {
    const variable = this.#writable(this.#target(name))
    const value = cased(variable, text)
    if (variable.table) variable.table.set(String(key), value)
    else listOf(variable).set(Number(key), value)
  }

  setList(name: string, values: Iterable<string>): void {
    const variable = this.#writable(this.#target(name))
    delete variable.text
    delete variable.table
    variable.list = new Map([...values].map((value, index) => [index, cased(variable, value)]))
  }

  setTable(name: string, entries: Iterable<readonly [string, string]>): void {
    const variable = this.#writable(this.#target(name))
    delete variable.text
    delete variable.list
    variable.table = new Map(entries)
  }

  /** The variable to change the attributes of, made when it is missing. */
  declare(name: string): Variable {
    return this.findSelf(name) ?? this.#make(name, this.#scopes[0]!)
  }

  /** A variable of the function that runs; it has no value yet. */
  declareLocal(name: string): Variable {
    const scope = this.#scopes[this.#scopes.length - 1]!
    const known = scope.get(name)
    if (known) return known
    const outer = this.findSelf(name)
    if (outer?.isReadonly) throw new CommandFailure(`${name}: readonly variable`, { kind: 'readonly', subject: name })
    return this.#make(name, scope, outer?.isExported)
  }

  /** Puts a variable exactly as it is, or takes it away: for assignments before a command, and their end. */
  restore(name: string, variable: Variable | undefined): void {
    for (let i = this.#scopes.length - 1; i > 0; i--) {
      if (this.#scopes[i]!.has(name)) {
        if (variable) this.#scopes[i]!.set(name, variable)
        else this.#scopes[i]!.delete(name)
        return
      }
    }
    if (variable) this.#scopes[0]!.set(name, variable)
    else this.#scopes[0]!.delete(name)
  }

  /** A copy to `restore` later; undefined when nothing has been set. */
  save(name: string): Variable | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const variable = this.#scopes[i]!.get(name)
      if (variable) return copyOf(variable)
    }
    return undefined
  }

  unset(name: string): void {
    const target = this.#target(name)
    if (this.find(target)?.isReadonly) throw new CommandFailure(`${target}: cannot unset: readonly variable`)
    this.#computed.delete(target)
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const scope = this.#scopes[i]!
      if (!scope.has(target)) continue
      // A local variable stays declared in its function: the outer one does not shine through.
      if (i > 0) scope.set(target, {})
      else scope.delete(target)
      return
    }
  }

  unsetElement(name: string, key: string): void {
    const variable = this.find(name)
    if (variable?.isReadonly) throw new CommandFailure(`${name}: cannot unset: readonly variable`)
    if (variable?.table) variable.table.delete(key)
    else variable?.list?.delete(Number(key))
  }

  enterFunction(): void {
    this.#scopes.push(new Map())
  }

  leaveFunction(): void {
    this.#scopes.pop()
  }

  get isInFunction(): boolean {
    return this.#scopes.length > 1
  }

  /** The variables of the running function, for `local` alone. */
  locals(): [string, Variable][] {
    return sorted(this.#scopes[this.#scopes.length - 1]!)
  }

  /** Every name with its variable, sorted by name. */
  all(): [string, Variable][] {
    const merged = new Map<string, Variable>()
    for (const [name] of this.#computed) {
      const variable = this.findSelf(name)
      if (variable) merged.set(name, variable)
    }
    for (const scope of this.#scopes) for (const [name, variable] of scope) merged.set(name, variable)
    return sorted(merged)
  }

  /** What the children get. */
  environment(): Map<string, string> {
    const environment = new Map(this.foreign)
    for (const scope of this.#scopes) {
      for (const [name, variable] of scope) {
        if (variable.isExported && variable.text !== undefined) environment.set(name, variable.text)
        else environment.delete(name)
      }
    }
    return environment
  }

  #target(name: string): string {
    const variable = this.findSelf(name)
    return variable?.isReference && variable.text ? variable.text : name
  }

  #writable(name: string): Variable {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const variable = this.#scopes[i]!.get(name)
      if (!variable) continue
      if (variable.isReadonly)
        throw new CommandFailure(`${name}: readonly variable`, { kind: 'readonly', subject: name })
      return variable
    }
    const computed = this.#computed.get(name)
    if (!computed) return this.#make(name, this.#scopes[0]!)
    const set = computed.set
    return {
      get text() {
        return undefined
      },
      set text(value: string | undefined) {
        set?.(value ?? '')
      },
    } as Variable
  }

  #make(name: string, scope: Map<string, Variable>, isExported?: boolean): Variable {
    const variable: Variable = isExported ? { isExported } : {}
    scope.set(name, variable)
    return variable
  }
}

/** The text of a variable; of a list or table the element 0. */
export function textOf(variable: Variable): string | undefined {
  if (variable.table) return variable.table.get('0')
  return variable.list ? variable.list.get(0) : variable.text
}

/** The values of a list, in order; a text is a list of one. */
export function valuesOf(variable: Variable | undefined): string[] {
  if (!variable) return []
  if (variable.table) return keysOf(variable).map(key => variable.table!.get(key)!)
  if (variable.list) return keysOf(variable).map(key => variable.list!.get(Number(key))!)
  return variable.text === undefined ? [] : [variable.text]
}

/** The keys of a list or table, in the order in which bash shows them. */
export function keysOf(variable: Variable | undefined): string[] {
  if (!variable) return []
  if (variable.table) return hashOrder([...variable.table.keys()])
  if (variable.list) return [...variable.list.keys()].sort((a, b) => a - b).map(String)
  return variable.text === undefined ? [] : ['0']
}

/** Whether a name may be a variable's. */
export function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text)
}

function listOf(variable: Variable): Map<number, string> {
  if (!variable.list) {
    variable.list = new Map(variable.text === undefined ? [] : [[0, variable.text]])
    delete variable.text
  }
  return variable.list
}

function copyOf(variable: Variable): Variable {
  const copy = { ...variable }
  if (variable.list) copy.list = new Map(variable.list)
  if (variable.table) copy.table = new Map(variable.table)
  return copy
}

function cased(variable: Variable, text: string): string {
  if (variable.isLowercase) return text.toLowerCase()
  return variable.isUppercase ? text.toUpperCase() : text
}

function sorted(scope: Map<string, Variable>): [string, Variable][] {
  return [...scope].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** bash keeps tables in 1,024 buckets by FNV-1 of the key, newest first in a bucket (hashlib.c). */
function hashOrder(keys: readonly string[]): string[] {
  const bucket = (key: string) => {
    let hash = 0x811c9dc5
    for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash, 0x01000193) ^ byte
    return hash & 1023
  }
  return keys
    .map((key, order) => ({ key, order, bucket: bucket(key) }))
    .sort((a, b) => a.bucket - b.bucket || b.order - a.order)
    .map(({ key }) => key)
}
