import type { Function as FunctionNode } from 'unbash'
import { printFunction } from './commandPrinter.ts'
import type { Source } from './interpreter.ts'

/** A function of a shell: its body and the source that it stands in. */
export interface ShellFunction {
  readonly node: FunctionNode
  readonly source: Source
}

/** The text of a function as `type` and `declare -f` show it. */
export function functionText({ node, source }: ShellFunction): string {
  return printFunction(source.text, node)
}
