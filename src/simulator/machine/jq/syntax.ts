export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** A filter of jq: it turns each input into any number of outputs. */
export type Filter =
  | { readonly type: 'identity' | 'recurse' }
  | { readonly type: 'literal'; readonly value: Json }
  | { readonly type: 'text'; readonly format: string | undefined; readonly parts: readonly (string | Filter)[] }
  | { readonly type: 'format'; readonly name: string }
  | { readonly type: 'index'; readonly from: Filter; readonly key: Filter }
  | {
      readonly type: 'slice'
      readonly from: Filter
      readonly start: Filter | undefined
      readonly end: Filter | undefined
    }
  | { readonly type: 'each'; readonly from: Filter }
  | { readonly type: 'array'; readonly items: Filter | undefined }
  | { readonly type: 'object'; readonly entries: readonly (readonly [key: Filter, value: Filter])[] }
  | { readonly type: 'pipe' | 'comma' | 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly type: 'alternative'; readonly left: Filter; readonly right: Filter }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Filter; readonly right: Filter }
  | { readonly type: 'update'; readonly operator: string; readonly path: Filter; readonly value: Filter }
  | { readonly type: 'negate'; readonly value: Filter }
  | { readonly type: 'try'; readonly body: Filter; readonly otherwise: Filter | undefined }
  | { readonly type: 'if'; readonly test: Filter; readonly then: Filter; readonly otherwise: Filter | undefined }
  | {
      readonly type: 'reduce'
      readonly source: Filter
      readonly pattern: Pattern
      readonly start: Filter
      readonly step: Filter
    }
  | {
      readonly type: 'foreach'
      readonly source: Filter
      readonly pattern: Pattern
      readonly start: Filter
      readonly step: Filter
      readonly extract: Filter | undefined
    }
  | { readonly type: 'define'; readonly definition: Definition; readonly body: Filter }
  | { readonly type: 'call'; readonly name: string; readonly values: readonly Filter[]; readonly at: number }
  | { readonly type: 'variable'; readonly name: string; readonly at: number }
  | { readonly type: 'label'; readonly name: string; readonly body: Filter }
  | { readonly type: 'break'; readonly name: string; readonly at: number }
  | { readonly type: 'bind'; readonly source: Filter; readonly pattern: Pattern; readonly body: Filter }

/** What stands after `as`: a name, or a shape with names in it. */
export type Pattern =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'array'; readonly items: readonly Pattern[] }
  | { readonly type: 'object'; readonly entries: readonly (readonly [key: Filter, value: Pattern])[] }

export interface Definition {
  readonly name: string
  readonly parameters: readonly string[]
  readonly body: Filter
}

/** The text of a filter makes no sense. */
export class JqSyntaxError extends Error {
  /** Where in the source. */
  readonly at: number
  constructor(message: string, at = 0) {
    super(message)
    this.at = at
  }
}

/** Ends everything: `halt`, `halt_error`. */
export class JqHalt extends Error {
  readonly status: number
  /** What goes to stderr. */
  readonly value: Json | undefined
  constructor(status: number, value?: Json) {
    super('halt')
    this.status = status
    this.value = value
  }
}

/** A filter met a value that it cannot work on; `try` catches it. */
export class JqError extends Error {
  readonly value: Json
  constructor(value: Json) {
    super(typeof value === 'string' ? value : JSON.stringify(value))
    this.value = value
  }
}
