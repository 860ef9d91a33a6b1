import type { Command, Word } from 'unbash'
import { findCommand } from '../../../simulator/kubectl/commandTree.ts'
import { globalFlags } from '../../../simulator/kubectl/flags/global.ts'
import { parseFlags, wordsWithoutFlags } from '../../../simulator/kubectl/flags/parse.ts'
import { Parser } from '../../../simulator/machine/shell/syntax.ts'
import { type Area, answerOf, type Outcome } from '../area.ts'
import type { Corpora } from '../corpora.ts'

const file = 'kubectl/commands.ndjson'
const helpFolder = 'kubectl/kubectl-1.36.4-help'

interface Line {
  readonly id: string
  readonly cmd: string
  readonly placeholder: boolean
}

/** Lines that learners type: whether the shell can read them, and whether kubectl knows its commands and flags. */
export const commandLines: Area = {
  name: 'command-lines',
  needs: [file, helpFolder],
  *cases(corpora) {
    const parser = new Parser()
    for (const { id, cmd, placeholder } of corpora.lines<Line>(file))
      if (!placeholder) yield { name: `${id} ${cmd}`, run: () => understand(cmd, parser, corpora) }
  },
}

function understand(line: string, parser: Parser, corpora: Corpora): Outcome {
  const { statements, failure } = parser.script(line)
  if (failure) return { unanswered: `no line for a shell: ${failure.kind} ${failure.text}` }
  for (const command of commandsIn(statements)) {
    const words = [command.name, ...command.args].map(word => (word as Word | undefined)?.value ?? '')
    const at = words.findIndex(word => word === 'kubectl' || word === 'k')
    if (at !== 0 && !(at === 1 && ['sudo', 'time', 'watch', 'exec'].includes(words[0]!))) continue
    const complaint = complaintAbout(words.slice(at + 1), corpora)
    if (complaint) return complaint
  }
  return undefined
}

/** Every simple command of a script, those inside substitutions too. */
function* commandsIn(node: unknown): Generator<Command> {
  if (node === null || typeof node !== 'object') return
  if ((node as { type?: string }).type === 'Command') yield node as Command
  for (const part of Object.values(node)) yield* commandsIn(part)
}

/** What kubectl says to words that the real one understands. */
function complaintAbout(words: readonly string[], corpora: Corpora): string | undefined {
  const globals = globalFlags('/home/learner')
  const { command, path, words: rest } = findCommand(words, globals)
  const [unknown] = wordsWithoutFlags(globals, rest)
  const isGroup = command ? !command.run && command.name !== 'help' : true
  if (isGroup && unknown !== undefined) {
    const isReal = corpora.has(`${helpFolder}/${[...path, unknown].join('-')}.txt`)
    return isReal ? `    ! unknown command: ${[...path, unknown].join(' ')}` : undefined
  }
  const answer = answerOf(() => parseFlags({ ...globals, ...command?.flags }, rest))
  if (!('error' in answer)) return undefined
  // The real one asks for it too: the line is only half a line, or a word stands for a number.
  if (/^flag needs an argument/.test(answer.error) || /invalid argument "[A-Z-]+"/.test(answer.error)) return undefined
  const flag = /^unknown (?:flag: --|shorthand flag: ')([\w-]+)/.exec(answer.error)?.[1]
  if (flag === undefined || realFlags(path, corpora).has(flag)) return `    ! ${answer.error}`
  return undefined
}

/** Names and letters of the flags that the real help of a command lists. */
function realFlags(path: readonly string[], corpora: Corpora): Set<string> {
  const texts = [path.join('-'), 'kubectl-options'].map(name => `${helpFolder}/${name}.txt`)
  const found = new Set<string>()
  for (const text of texts.filter(each => corpora.has(each)).map(each => corpora.text(each)))
    for (const [, letter, name] of text.matchAll(/^\s+(?:-(\w), )?--([\w-]+)/gm))
      for (const flag of [letter, name]) if (flag) found.add(flag)
  return found
}
