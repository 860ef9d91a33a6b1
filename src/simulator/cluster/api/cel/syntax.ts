/** An expression of the Common Expression Language as a tree; `at` is where it stands in the text. */
export type Expression =
  | { readonly type: 'literal'; readonly value: Literal; readonly at: number }
  | { readonly type: 'name'; readonly name: string; readonly at: number }
  | {
      readonly type: 'field'
      readonly target: Expression
      readonly name: string
      readonly isOptional: boolean
      readonly isTest: boolean
      readonly at: number
    }
  | {
      readonly type: 'index'
      readonly target: Expression
      readonly index: Expression
      readonly isOptional: boolean
      readonly at: number
    }
  | {
      readonly type: 'call'
      readonly target: Expression | undefined
      readonly name: string
      readonly args: readonly Expression[]
      readonly at: number
    }
  | { readonly type: 'unary'; readonly operator: '!' | '-'; readonly operand: Expression; readonly at: number }
  | {
      readonly type: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
      readonly at: number
    }
  | {
      readonly type: 'choice'
      readonly condition: Expression
      readonly yes: Expression
      readonly no: Expression
      readonly at: number
    }
  | { readonly type: 'list'; readonly items: readonly Expression[]; readonly at: number }
  | { readonly type: 'map'; readonly entries: readonly (readonly [Expression, Expression])[]; readonly at: number }
  | {
      /** An object with a type: `JSONPatch{op: "add", …}`. */
      readonly type: 'message'
      readonly name: string
      readonly fields: readonly { readonly name: string; readonly value: Expression; readonly isOptional: boolean }[]
      readonly at: number
    }
  | {
      readonly type: 'macro'
      readonly name: string
      readonly target: Expression
      readonly variables: readonly string[]
      readonly bodies: readonly Expression[]
      readonly at: number
    }

export type Literal = string | bigint | number | boolean | null

/** What is wrong with an expression, in the form of cel-go: the place, the reason and the line with a mark below. */
export class CelSyntaxError extends Error {
  constructor(source: string, at: number, reason: string) {
    const before = source.slice(0, at).split('\n')
    const column = before.at(-1)!.length
    const line = source.split('\n')[before.length - 1] ?? ''
    super(`ERROR: <input>:${before.length}:${column + 1}: ${reason}\n | ${line}\n | ${'.'.repeat(column)}^`)
  }
}
