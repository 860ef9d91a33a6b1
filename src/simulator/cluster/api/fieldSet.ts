/** Some fields of an object, as managed fields write them: `f:name`, `k:{"name":"web"}`, `v:1`. */
export class FieldSet {
  /** Whether the field at the root of this part belongs to the set itself. */
  readonly isMember: boolean
  readonly children: ReadonlyMap<string, FieldSet>
  #json: Readonly<Record<string, unknown>> | undefined

  constructor(isMember: boolean, children: ReadonlyMap<string, FieldSet>) {
    this.isMember = isMember
    this.children = children
  }

  static readonly empty = new FieldSet(false, new Map())
  static readonly leaf = new FieldSet(true, new Map())

  get isEmpty(): boolean {
    return !this.isMember && this.children.size === 0
  }

  union(other: FieldSet): FieldSet {
    if (this.isEmpty) return other
    if (other.isEmpty) return this
    const children = new Map(this.children)
    for (const [key, child] of other.children) children.set(key, children.get(key)?.union(child) ?? child)
    return new FieldSet(this.isMember || other.isMember, children)
  }

  difference(other: FieldSet): FieldSet {
    if (other.isEmpty || this.isEmpty) return this
    const children = new Map<string, FieldSet>()
    for (const [key, child] of this.children) {
      const less = other.children.get(key)
      const rest = less ? child.difference(less) : child
      if (!rest.isEmpty) children.set(key, rest)
    }
    return new FieldSet(this.isMember && !other.isMember, children)
  }

  /** Without the fields of another set and without those under which the other has any. */
  withoutBranches(other: FieldSet): FieldSet {
    if (other.isEmpty) return this
    const children = new Map<string, FieldSet>()
    for (const [key, child] of this.children) {
      const counterpart = other.children.get(key)
      const rest = counterpart ? child.withoutBranches(counterpart) : child
      if (!rest.isEmpty) children.set(key, rest)
    }
    return new FieldSet(false, children)
  }

  intersection(other: FieldSet): FieldSet {
    const children = new Map<string, FieldSet>()
    for (const [key, child] of this.children) {
      const counterpart = other.children.get(key)
      const common = counterpart ? child.intersection(counterpart) : FieldSet.empty
      if (!common.isEmpty) children.set(key, common)
    }
    return new FieldSet(this.isMember && other.isMember, children)
  }

  equals(other: FieldSet): boolean {
    if (this.isMember !== other.isMember || this.children.size !== other.children.size) return false
    for (const [key, child] of this.children) {
      const counterpart = other.children.get(key)
      if (!counterpart?.equals(child)) return false
    }
    return true
  }

  /** The form in which objects carry it, made once. */
  toJson(): Readonly<Record<string, unknown>> {
    if (this.#json) return this.#json
    const json: Record<string, unknown> = {}
    if (this.isMember && this.children.size > 0) json['.'] = {}
    for (const key of [...this.children.keys()].sort()) json[key] = this.children.get(key)!.toJson()
    this.#json = Object.freeze(json)
    return this.#json
  }

  static fromJson(json: unknown, isRoot = true): FieldSet {
    const entries = Object.entries((json ?? {}) as Record<string, unknown>)
    const children = new Map<string, FieldSet>()
    for (const [key, child] of entries) if (key !== '.') children.set(key, FieldSet.fromJson(child, false))
    return new FieldSet(!isRoot && (entries.length === 0 || '.' in ((json ?? {}) as object)), children)
  }

  /** Every field as people read it: `.spec.containers[name="web"].image`. */
  *paths(prefix = ''): Iterable<string> {
    if (this.isMember && prefix) yield prefix
    for (const [key, child] of this.children) yield* child.paths(prefix + readable(key))
  }
}

function readable(key: string): string {
  const text = key.slice(2)
  if (key[0] === 'f') return `.${text}`
  if (key[0] === 'v') return `[=${text}]`
  const keys = Object.entries(JSON.parse(text) as Record<string, unknown>)
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`
}

/** Collects fields one by one. */
export class FieldSetBuilder {
  #isMember = false
  readonly #children = new Map<string, FieldSetBuilder>()

  child(key: string): FieldSetBuilder {
    let child = this.#children.get(key)
    if (!child) this.#children.set(key, (child = new FieldSetBuilder()))
    return child
  }

  insert(): void {
    this.#isMember = true
  }

  build(): FieldSet {
    const children = new Map<string, FieldSet>()
    for (const [key, builder] of this.#children) {
      const child = builder.build()
      if (!child.isEmpty) children.set(key, child)
    }
    return this.#isMember || children.size > 0 ? new FieldSet(this.#isMember, children) : FieldSet.empty
  }
}
