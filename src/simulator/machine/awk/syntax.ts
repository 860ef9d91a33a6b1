/** A program of awk: what happens for which records, and its functions. */
export interface AwkProgram {
  readonly rules: readonly Rule[]
  readonly functions: ReadonlyMap<string, FunctionDefinition>
}

export interface Rule {
  readonly when: Condition
  /** Absent: the record is printed. */
  readonly body: Statement | undefined
}

export type Condition =
  | { readonly type: 'begin' | 'end' | 'always' }
  | { readonly type: 'pattern'; readonly test: Expression }
  | { readonly type: 'range'; readonly from: Expression; readonly to: Expression }

export interface FunctionDefinition {
  readonly name: string
  readonly parameters: readonly string[]
  readonly body: Statement
}

export type Statement =
  | { readonly type: 'block'; readonly body: readonly Statement[] }
  | { readonly type: 'expression'; readonly value: Expression }
  | { readonly type: 'print'; readonly values: readonly Expression[]; readonly to: Redirection | undefined }
  | { readonly type: 'printf'; readonly values: readonly Expression[]; readonly to: Redirection | undefined }
  | {
      readonly type: 'if'
      readonly test: Expression
      readonly then: Statement
      readonly otherwise: Statement | undefined
    }
  | { readonly type: 'while'; readonly test: Expression; readonly body: Statement }
  | { readonly type: 'do'; readonly test: Expression; readonly body: Statement }
  | {
      readonly type: 'for'
      readonly start: Statement | undefined
      readonly test: Expression | undefined
      readonly step: Statement | undefined
      readonly body: Statement
    }
  | { readonly type: 'for-in'; readonly name: string; readonly array: string; readonly body: Statement }
  | { readonly type: 'next' | 'nextfile' | 'break' | 'continue' | 'empty' }
  | { readonly type: 'exit' | 'return'; readonly value: Expression | undefined }
  | { readonly type: 'delete'; readonly array: string; readonly keys: readonly Expression[] | undefined }

/** Where print writes instead of stdout. */
export interface Redirection {
  readonly mode: '>' | '>>' | '|'
  readonly target: Expression
}

export type Place =
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'field'; readonly index: Expression }
  | { readonly type: 'element'; readonly array: string; readonly keys: readonly Expression[] }

export type Expression =
  | Place
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'pattern'; readonly source: string }
  | { readonly type: 'assign'; readonly operator: string; readonly place: Place; readonly value: Expression }
  | { readonly type: 'step'; readonly place: Place; readonly by: 1 | -1; readonly isPrefix: boolean }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'unary'; readonly operator: '-' | '+' | '!'; readonly value: Expression }
  | { readonly type: 'match'; readonly isNegated: boolean; readonly text: Expression; readonly pattern: Expression }
  | { readonly type: 'choice'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression }
  | { readonly type: 'in'; readonly keys: readonly Expression[]; readonly array: string }
  | { readonly type: 'call'; readonly name: string; readonly values: readonly Expression[] }
  | { readonly type: 'group'; readonly value: Expression }
  | {
      readonly type: 'getline'
      readonly into: Place | undefined
      readonly from: { readonly kind: 'file' | 'command'; readonly source: Expression } | undefined
    }

/** A mistake in the text of a program. */
export class AwkSyntaxError extends Error {
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** A mistake that shows only when the program runs. */
export class AwkRuntimeError extends Error {}
