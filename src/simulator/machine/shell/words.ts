import type { DoubleQuotedPart, GlobPart, LocaleStringPart, Word, WordPart } from 'unbash'
import { expandBraces } from './brace.ts'
import { CommandFailure } from './failures.ts'
import { type Field, FieldBuilder, isWild } from './fieldBuilder.ts'
import { glob } from './glob.ts'
import type { Interpreter } from './interpreter.ts'
import { addParameter } from './parameter.ts'
import { expandTilde } from './tilde.ts'

/**
 * How the parts of a word are taken: as they stand in the source, as what follows an operator in `${x:-word}` (split
 * like an expansion), or between double quotes.
 */
export type WordContext = 'source' | 'operand' | 'quoted'

/** The arguments that a list of words gives: braces, expansions, splitting and file names. */
export async function expandWords(shell: Interpreter, words: readonly Word[]): Promise<string[]> {
  const texts: string[] = []
  for (const word of words) {
    if (isPlain(word)) texts.push(word.text)
    else for (const each of bracesOf(shell, word)) await expandWord(shell, each, texts)
  }
  return texts
}

/** The text of a word where nothing is split or looked up: the right side of an assignment, a here-string. */
export async function expandText(shell: Interpreter, word: Word, isAssignment = false): Promise<string> {
  if (isPlain(word)) return word.text
  const builder = new FieldBuilder(shell.separators, false)
  await addWord(shell, word, builder, 'source', isAssignment)
  return builder.text()
}

/** The pattern that a word stands for; what is quoted stands for itself. */
export async function expandPattern(shell: Interpreter, word: Word): Promise<string> {
  const builder = new FieldBuilder(shell.separators, false)
  await addWord(shell, word, builder, 'source')
  return builder
    .finish()
    .map(field => field.pattern)
    .join(' ')
}

/** A word as fields, before file names are looked up. */
async function expandFields(shell: Interpreter, word: Word): Promise<Field[]> {
  const builder = new FieldBuilder(shell.separators, true)
  // In bash also arguments that look like assignments get their home directories.
  const looksAssigned = shell.dialect === 'bash' && /^[A-Za-z_]\w*=.*~/s.test(word.text)
  await addWord(shell, word, builder, 'source', looksAssigned)
  return builder.finish()
}

/** Text with expansions as between double quotes: here-documents, prompts, arithmetic. */
export async function expandQuoted(shell: Interpreter, parts: readonly WordPart[]): Promise<string> {
  const builder = new FieldBuilder(shell.separators, false)
  for (const part of parts) await addPart(shell, part, builder, 'quoted')
  return builder.text()
}

/** Adds what a word gives to a field builder. */
export async function addWord(
  shell: Interpreter,
  word: Word,
  builder: FieldBuilder,
  context: WordContext,
  isAssignment = false,
): Promise<void> {
  const parts: readonly WordPart[] = word.parts ?? [
    { type: 'Literal', text: word.text, value: word.value, pos: word.pos, end: word.end },
  ]
  for (const [index, part] of parts.entries()) {
    if (part.type === 'Literal' && context !== 'quoted' && part.text.includes('~')) {
      addLiteral(expandTilde(shell, part.text, index === 0, index === parts.length - 1, isAssignment), builder, context)
    } else await addPart(shell, part, builder, context)
  }
}

async function addPart(shell: Interpreter, part: WordPart, builder: FieldBuilder, context: WordContext): Promise<void> {
  switch (part.type) {
    case 'Literal':
      return addLiteral([{ text: part.text, isQuoted: false }], builder, context)
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return builder.quoted(part.value)
    case 'DoubleQuoted':
    case 'LocaleString':
      return addDoubleQuoted(shell, part, builder)
    case 'SimpleExpansion':
    case 'ParameterExpansion':
      return addParameter(shell, part, builder, context === 'quoted')
    case 'CommandExpansion':
      return addResult(await shell.substitute(part), builder, context)
    case 'ArithmeticExpansion':
      return addResult(String(await shell.calculate(part.text.slice(3, -2))), builder, context)
    case 'ProcessSubstitution':
      return builder.quoted(shell.substituteProcess(part))
    case 'Glob':
      return addGlob(shell, part, builder)
    case 'ExtendedGlob':
      return builder.literal(part.text)
    case 'BraceExpansion':
      builder.literal('{')
      for (const inner of shell.parser.word(part.text.slice(1, -1)).parts ?? [literalPart(part.text.slice(1, -1))]) {
        await addPart(shell, inner, builder, context)
      }
      builder.literal('}')
  }
}

/** A piece of source text, and whether it is already what it stands for (a home directory). */
export interface LiteralPiece {
  readonly text: string
  readonly isQuoted: boolean
}

function addLiteral(pieces: readonly LiteralPiece[], builder: FieldBuilder, context: WordContext): void {
  for (const { text, isQuoted } of pieces) {
    if (isQuoted) builder.quoted(text)
    else if (context === 'quoted')
      builder.quoted(text.replace(/\\([$`"\\]|\n)/g, (_, next) => (next === '\n' ? '' : next)))
    else if (!text.includes('\\')) context === 'operand' ? builder.expanded(text) : builder.literal(text)
    else {
      for (const piece of text.match(/\\[\s\S]|[^\\]+|\\$/g) ?? []) {
        if (piece === '\\\n') continue
        if (piece.length === 2 && piece[0] === '\\') builder.quoted(piece[1]!)
        else if (context === 'operand') builder.expanded(piece)
        else builder.literal(piece)
      }
    }
  }
}

async function addDoubleQuoted(
  shell: Interpreter,
  part: DoubleQuotedPart | LocaleStringPart,
  builder: FieldBuilder,
): Promise<void> {
  if (part.parts.length === 0) return builder.quoted('')
  for (const child of part.parts) {
    if (child.type === 'Literal') builder.quoted(child.value)
    else await addPart(shell, child, builder, 'quoted')
  }
}

async function addGlob(shell: Interpreter, part: GlobPart, builder: FieldBuilder): Promise<void> {
  if (part.kind !== 'bracket' || part.parts.every(inner => inner.type === 'Literal')) {
    return builder.literal(part.value, part.text)
  }
  builder.literal('[')
  for (const inner of part.parts) await addPart(shell, inner, builder, 'source')
  builder.literal(']')
}

function addResult(text: string, builder: FieldBuilder, context: WordContext): void {
  if (context === 'quoted') builder.quoted(text)
  else builder.expanded(text)
}

async function expandWord(shell: Interpreter, word: Word, texts: string[]): Promise<void> {
  for (const field of await expandFields(shell, word)) {
    if (shell.options.has('noglob') || !isWild(field)) texts.push(field.text)
    else texts.push(...fileNames(shell, field))
  }
}

function fileNames(shell: Interpreter, field: Field): string[] {
  const { process, shellOptions } = shell
  const found = glob(process.files, process.cwd, field.pattern, {
    dotglob: shellOptions.has('dotglob'),
    nocaseglob: shellOptions.has('nocaseglob'),
    globstar: shellOptions.has('globstar'),
  })
  if (found.length > 0) return found
  if (shellOptions.has('failglob')) throw new CommandFailure(`no match: ${field.text}`)
  return shellOptions.has('nullglob') ? [] : [field.text]
}

function bracesOf(shell: Interpreter, word: Word): readonly Word[] {
  if (shell.dialect !== 'bash' || shell.options.has('nobraceexpand')) return [word]
  if (!word.parts?.some(part => part.type === 'BraceExpansion')) return [word]
  const texts = expandBraces(word.text)
  return texts.length === 1 ? [word] : texts.filter(text => text !== '').map(text => shell.parser.word(text))
}

/** Nothing in the word needs a closer look. */
function isPlain(word: Word): boolean {
  return word.parts === undefined && word.text === word.value && !/[~\\]/.test(word.text)
}

function literalPart(text: string): WordPart {
  return { type: 'Literal', text, value: text, pos: 0, end: text.length }
}
