import { CommandFailure } from './failures.ts'
import type { Interpreter } from './interpreter.ts'

/** The value of an arithmetic text with a shell's variables. */
export function evaluate(shell: Interpreter, text: string): bigint {
  const { variables } = shell
  return shell.arithmetic.evaluate(text, {
    get: (name, subscript) => {
      const value =
        subscript === undefined ? variables.get(name) : variables.element(name, plainKey(shell, name, subscript))
      if (value !== undefined || !shell.options.has('nounset')) return value
      const about = { kind: 'unset', subject: name, isFatal: true, endsCommand: true } as const
      throw new CommandFailure(`${name}: unbound variable`, about)
    },
    set: (name, subscript, value) => {
      if (subscript === undefined) shell.assign(name, value)
      else variables.setElement(name, plainKey(shell, name, subscript), value)
    },
  })
}

/** The key that the text of a subscript means, its expansions included. */
export async function keyOf(shell: Interpreter, name: string, index: string): Promise<string | number> {
  return plainKey(shell, name, await shell.quotedText(index))
}

/** A table takes a subscript as text; a list calculates, and counts from its end what is below zero. */
function plainKey(shell: Interpreter, name: string, subscript: string): string | number {
  const variable = shell.variables.find(name)
  if (variable?.table) return subscript
  const key = Number(shell.evaluate(subscript))
  if (key >= 0) return key
  const last = variable?.list ? Math.max(-1, ...variable.list.keys()) : 0
  if (key + last + 1 < 0) throw new CommandFailure(`${name}[${subscript}]: bad array subscript`)
  return key + last + 1
}
