import type { Function as FunctionNode } from 'unbash'
import type { Source } from './interpreter.ts'

/** A function of a shell: its body and the source that it stands in. */
export interface ShellFunction {
  readonly node: FunctionNode
  readonly source: Source
}

/** The text of a function as it was written. */
export function functionText({ node, source }: ShellFunction): string {
  return source.text.slice(node.pos, node.end)
}
