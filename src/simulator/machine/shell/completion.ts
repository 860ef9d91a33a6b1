import { loadExecutable } from '../executable.ts'
import { FileError } from '../fileError.ts'
import { joinPath } from '../path.ts'
import type { Program } from '../program.ts'
import { builtinNames } from './builtins/registry.ts'
import { commandNames } from './commandNames.ts'
import type { Candidate, Completion } from './completionList.ts'
import type { Interpreter } from './interpreter.ts'
import { backslashQuoted } from './quote.ts'

const keywords = 'if then else elif fi case esac for while until do done in function select time'.split(' ')

/** What Tab offers for the text before the cursor: commands, variables, files, or what a program says. */
export async function complete(shell: Interpreter, text: string): Promise<Completion> {
  const { words, word, from, quote, isAfterRedirection } = currentWord(text)
  const make = (candidates: readonly Candidate[]): Completion => ({ from, candidates: unique(candidates) })
  const variable = /^(.*\$\{?)(\w*)$/s.exec(word)
  if (variable && quote !== "'") {
    const [, start = '', typed = ''] = variable
    const names = shell.variables.all().map(([name]) => name)
    const close = start.endsWith('{') ? '}' : ''
    return make(
      plain(
        names.filter(name => name.startsWith(typed)),
        start,
        close,
      ),
    )
  }
  if (isAfterRedirection) return make(files(shell, word, quote))
  if (words.length === 0) {
    if (word.includes('/') || word.startsWith('~')) return make(files(shell, word, quote, true))
    return make(plain(commands(shell).filter(name => name.startsWith(word))))
  }
  const program = programOf(shell, words[0]!)
  if (!program?.complete) return make(files(shell, word, quote))
  const offered = await program.complete(shell.process, [...words, word])
  if (!offered) return make(files(shell, word, quote))
  return make(offered.filter(each => each.startsWith(word)).map(each => explained(each, quote)))
}

/** The words of the command that is being typed, and the one at the cursor. */
interface CurrentWord {
  /** The words before it. */
  readonly words: readonly string[]
  /** The word without quotes. */
  readonly word: string
  /** Where it begins, its quote not counted. */
  readonly from: number
  readonly quote: string
  readonly isAfterRedirection: boolean
}

function currentWord(text: string): CurrentWord {
  let words: string[] = []
  let word = ''
  let from = 0
  let quote = ''
  let isOpen = false
  let isAfterRedirection = false
  const end = () => {
    if (isOpen && !isAfterRedirection && !(words.length === 0 && /^\w+=/.test(word))) words.push(word)
    if (isOpen) isAfterRedirection = false
    word = ''
    isOpen = false
  }
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!
    if (quote !== '') {
      if (character === quote) quote = ''
      else if (character === '\\' && quote === '"' && i + 1 < text.length) word += text[++i]
      else word += character
      continue
    }
    if (!isOpen && !/\s/.test(character)) from = i
    if (character === '\\' && i + 1 < text.length) {
      word += text[++i]
      isOpen = true
    } else if (character === "'" || character === '"') {
      quote = character
      if (!isOpen) from = i + 1
      isOpen = true
    } else if (/[;&|(\n`]/.test(character)) {
      end()
      words = []
      isAfterRedirection = false
      from = i + 1
    } else if (character === '>' || character === '<') {
      end()
      isAfterRedirection = true
      from = i + 1
    } else if (/\s/.test(character)) {
      end()
      from = i + 1
    } else {
      word += character
      isOpen = true
    }
  }
  if (words[0] !== undefined && /^(if|then|else|elif|while|until|do|!|time|sudo)$/.test(words[0]))
    words = words.slice(1)
  return { words, word, from, quote, isAfterRedirection }
}

function commands(shell: Interpreter): string[] {
  const builtins = builtinNames(shell.dialect)
  return [...keywords, ...shell.aliases.keys(), ...shell.functions.keys(), ...builtins, ...commandNames(shell)]
}

function programOf(shell: Interpreter, name: string): Program | undefined {
  const { process } = shell
  const alias = shell.aliases.get(name)?.split(' ')[0]
  const file = shell.findCommand(alias ?? name)
  if (file === undefined) return undefined
  try {
    return loadExecutable(process.files, file, [name]).program
  } catch (error) {
    if (error instanceof FileError) return undefined
    throw error
  }
}

function files(shell: Interpreter, word: string, quote: string, isCommand = false): Candidate[] {
  const { process } = shell
  const slash = word.lastIndexOf('/') + 1
  const typed = word.slice(slash)
  const home = shell.variables.get('HOME') ?? ''
  const directory = process.path(word.slice(0, slash).replace(/^~(?=\/)/, home) || '.')
  if (!process.files.isDirectory(directory) || !process.files.may('read', directory)) return []
  return process.files
    .list(directory)
    .filter(name => name.startsWith(typed) && (typed.startsWith('.') || !name.startsWith('.')))
    .filter(name => !isCommand || process.files.may('execute', joinPath(directory, name)))
    .map(name => {
      const isDirectory = process.files.isDirectory(joinPath(directory, name))
      const shown = isDirectory ? `${name}/` : name
      return { ...candidate(word.slice(0, slash) + shown, quote), shown }
    })
}

/** A candidate with what it is for behind a tab. */
function explained(offered: string, quote: string): Candidate {
  const [text = '', about] = offered.split('\t')
  return { ...candidate(text, quote), ...(about !== undefined && { about }) }
}

function candidate(text: string, quote: string): Candidate {
  const isOpen = /[/=:]$/.test(text)
  return {
    text: quote === '' ? backslashQuoted(text).replace(/^\\~/, '~') : text,
    shown: text,
    ending: isOpen ? '' : `${quote} `,
  }
}

function plain(texts: readonly string[], start = '', close = ''): Candidate[] {
  return texts.map(text => ({ text: start + text + close, shown: text, ending: close === '' ? ' ' : '' }))
}

function unique(candidates: readonly Candidate[]): Candidate[] {
  const byText = new Map(candidates.map(each => [each.text, each]))
  return [...byText.values()].sort((a, b) => (a.text < b.text ? -1 : 1))
}
