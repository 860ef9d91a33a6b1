import type { ConditionContext } from '../condition.ts'
import type { Interpreter } from './interpreter.ts'
import { keysOf } from './variables.ts'

/** What `test` and `[[ ]]` may look at in a shell. */
export function conditionContext(shell: Interpreter): ConditionContext {
  const { process, variables } = shell
  return {
    files: process.files,
    user: process.user,
    dialect: shell.dialect,
    path: path => process.path(path),
    isTerminal: number => process.descriptors.get(number)?.terminal !== undefined,
    isSet: name => isSet(shell, name),
    isOn: option => shell.options.has(option),
    isReference: name => variables.findSelf(name)?.isReference === true,
  }
}

function isSet({ variables }: Interpreter, name: string): boolean {
  const element = /^(\w+)\[(.*)\]$/.exec(name)
  if (!element) return variables.get(name) !== undefined
  const [, list = '', key = ''] = element
  if (key === '@' || key === '*') return keysOf(variables.find(list)).length > 0
  return variables.element(list, key) !== undefined
}
