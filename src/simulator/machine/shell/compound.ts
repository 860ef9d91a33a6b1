import type { ArithmeticFor, Case, CompoundList, For, If, Select, While, Word } from 'unbash'
import { CommandFailure, LoopExit } from './failures.ts'
import type { Interpreter } from './interpreter.ts'
import { readLine } from './lineReader.ts'
import { menuOf } from './menu.ts'
import { patternRegExp } from './pattern.ts'
import { isName } from './variables.ts'
import { expandPattern, expandText, expandWords } from './words.ts'

/** `if`. */
export async function runIf(shell: Interpreter, node: If): Promise<void> {
  if (await holds(shell, node.clause)) return shell.executeList(node.then.commands)
  for (const branch of node.elif) {
    if (await holds(shell, branch.clause)) return shell.executeList(branch.then.commands)
  }
  if (node.else) return shell.executeList(node.else.commands)
  shell.status = 0
}

/** `while` and `until`. */
export async function runWhile(shell: Interpreter, node: While): Promise<void> {
  let status = 0
  await loop(shell, async turn => {
    while ((await holds(shell, node.clause)) === (node.kind === 'while')) {
      await turn(node.body)
      status = shell.status
    }
  })
  shell.status = status
}

/** `for name in words`. */
export async function runFor(shell: Interpreter, node: For): Promise<void> {
  const name = loopVariable(shell, node.name)
  const words = node.wordlist ? await expandWords(shell, node.wordlist) : [...shell.positional]
  let status = 0
  await loop(shell, async turn => {
    for (const word of words) {
      shell.at = node.pos
      shell.assign(name, word)
      await turn(node.body)
      status = shell.status
    }
  })
  shell.status = status
}

/** `for ((…; …; …))`. */
export async function runArithmeticFor(shell: Interpreter, node: ArithmeticFor): Promise<void> {
  const header = shell.source.text.slice(node.pos, node.body.pos)
  const [initial = '', test = '', update = ''] = /\(\(([\s\S]*)\)\)/.exec(header)?.[1]?.split(';') ?? []
  await shell.calculate(initial)
  let status = 0
  await loop(shell, async turn => {
    while (test.trim() === '' || (await shell.calculate(test)) !== 0n) {
      await turn(node.body)
      status = shell.status
      await shell.calculate(update)
    }
  })
  shell.status = status
}

/** `select name in words`: a menu on standard error. */
export async function runSelect(shell: Interpreter, node: Select): Promise<void> {
  const name = loopVariable(shell, node.name)
  const words = node.wordlist ? await expandWords(shell, node.wordlist) : [...shell.positional]
  const { process } = shell
  await loop(shell, async turn => {
    let isMenuShown = false
    while (words.length > 0) {
      if (!isMenuShown) await process.stderr.write(menuOf(words, process.terminal?.columns ?? 80))
      await process.stderr.write(shell.variables.get('PS3') ?? '#? ')
      const line = await readLine(process.stdin)
      if (line === undefined) {
        await process.stderr.write('\n')
        shell.status = 1
        return
      }
      isMenuShown = line.trim() !== ''
      if (!isMenuShown) continue
      shell.assign('REPLY', line)
      shell.assign(name, words[Number(line.trim()) - 1] ?? '')
      await turn(node.body)
    }
  })
}

/** `case`. */
export async function runCase(shell: Interpreter, node: Case): Promise<void> {
  shell.at = node.pos
  const text = await expandText(shell, node.word)
  shell.status = 0
  let fallsThrough = false
  for (const item of node.items) {
    if (!fallsThrough && !(await matchesAny(shell, item.pattern, text))) continue
    await shell.executeList(item.body.commands)
    if (item.terminator === ';&') fallsThrough = true
    else if (item.terminator === ';;&') fallsThrough = false
    else return
  }
}

/** Whether a condition's commands succeed; their failing ends nothing. */
async function holds(shell: Interpreter, block: CompoundList): Promise<boolean> {
  shell.conditionDepth++
  try {
    await shell.executeList(block.commands)
  } finally {
    shell.conditionDepth--
  }
  return shell.status === 0
}

/** Runs a loop; its body runs by `turn`, and `break` and `continue` end here. */
async function loop(
  shell: Interpreter,
  run: (turn: (body: CompoundList) => Promise<void>) => Promise<void>,
): Promise<void> {
  shell.loopDepth++
  try {
    await run(async body => {
      const pause = shell.checkpoint()
      if (pause) await pause
      try {
        await shell.executeList(body.commands)
      } catch (error) {
        if (!(error instanceof LoopExit) || !error.isContinue || --error.levels > 0) throw error
      }
    })
  } catch (error) {
    if (!(error instanceof LoopExit) || (error.isContinue ? error.levels : --error.levels) > 0) throw error
    shell.status = 0
  } finally {
    shell.loopDepth--
  }
}

function loopVariable(shell: Interpreter, word: Word): string {
  if (isName(word.value)) return word.value
  if (shell.dialect === 'bash') throw new CommandFailure(`\`${word.text}': not a valid identifier`)
  throw new CommandFailure(`${shell.dialect === 'ash' ? 's' : 'S'}yntax error: Bad for loop variable`)
}

async function matchesAny(shell: Interpreter, patterns: readonly Word[], text: string): Promise<boolean> {
  for (const pattern of patterns) {
    const flags = shell.shellOptions.has('nocasematch') ? 'i' : ''
    if (patternRegExp(await expandPattern(shell, pattern), flags).test(text)) return true
  }
  return false
}
