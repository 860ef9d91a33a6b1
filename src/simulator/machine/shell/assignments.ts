import type { ArrayValue, Assignment, Word } from 'unbash'
import type { Interpreter } from './interpreter.ts'
import { keyOf } from './shellArithmetic.ts'
import { keysOf } from './variables.ts'
import { expandText, expandWords } from './words.ts'

/** Carries out `name=value`, `name+=value`, `name[index]=value` and `name=(…)`. */
export async function assign(shell: Interpreter, node: Assignment): Promise<void> {
  const { name, value } = node
  if (value.type === 'ArrayValue') return assignList(shell, name, value, node.append ?? false)
  const text = await expandText(shell, value, true)
  if (node.index) {
    const before = node.append ? ((await shell.elementAt(name, node.index)) ?? '') : ''
    return shell.assignElement(name, node.index.text, joined(shell, name, before, text, node.append))
  }
  const before = node.append ? (shell.variables.get(name) ?? '') : ''
  shell.assign(name, joined(shell, name, before, text, node.append))
}

async function assignList(shell: Interpreter, name: string, value: ArrayValue, isAppending: boolean): Promise<void> {
  const { variables } = shell
  const variable = variables.find(name)
  if (variable?.table) return assignTable(shell, name, value, isAppending)
  const items: { readonly index: string | undefined; readonly text: string }[] = []
  for (const element of value.elements) {
    const keyed = keyedElement(element.text)
    if (keyed) items.push({ index: keyed.key, text: await expandText(shell, shell.parser.word(keyed.value)) })
    else for (const text of await expandWords(shell, [element])) items.push({ index: undefined, text })
  }
  if (!isAppending) variables.setList(name, [])
  let next = isAppending ? Number(keysOf(variables.find(name)).at(-1) ?? -1) + 1 : 0
  for (const { index, text } of items) {
    if (index !== undefined) next = Number(await keyOf(shell, name, index))
    await shell.assignElement(name, String(next), text)
    next++
  }
}

async function assignTable(shell: Interpreter, name: string, value: ArrayValue, isAppending: boolean): Promise<void> {
  if (!isAppending) shell.variables.setTable(name, [])
  const words: string[] = []
  for (const element of joinKeys(value.elements)) {
    const keyed = keyedElement(element.text)
    if (!keyed) words.push(...(await expandWords(shell, [element])))
    else {
      const key = await keyOf(shell, name, keyed.key)
      shell.variables.setElement(name, key, await expandText(shell, shell.parser.word(keyed.value)))
    }
  }
  // A table may also be given as key, value, key, value …
  for (let i = 0; i < words.length; i += 2) shell.variables.setElement(name, words[i]!, words[i + 1] ?? '')
}

/** A key with spaces, `[a b]=c`, comes from the parser in pieces. */
function joinKeys(elements: readonly Word[]): Word[] {
  const joined: Word[] = []
  for (const element of elements) {
    const last = joined.at(-1)
    if (last && /^\[(?:[^\]"']|"[^"]*"|'[^']*')*$/.test(last.text)) {
      const text = `${last.text} ${element.text}`
      joined[joined.length - 1] = { ...element, text, value: text }
    } else joined.push(element)
  }
  return joined
}

/** `[key]=value` inside `(…)`. */
function keyedElement(text: string): { readonly key: string; readonly value: string } | undefined {
  const match = /^\[((?:[^[\]]|\[[^\]]*\])*)\]=([\s\S]*)$/.exec(text)
  return match ? { key: match[1]!, value: match[2]! } : undefined
}

/** `+=` adds numbers when the variable is an integer. */
function joined(
  shell: Interpreter,
  name: string,
  before: string,
  text: string,
  isAppending: boolean | undefined,
): string {
  if (!isAppending) return text
  return shell.variables.find(name)?.isInteger ? `(${before || 0})+(${text})` : before + text
}
