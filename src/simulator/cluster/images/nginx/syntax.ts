/** One directive of an nginx configuration: its words, and the block that follows, if any. */
export interface Directive {
  readonly name: string
  readonly words: readonly string[]
  readonly block: readonly Directive[] | undefined
  readonly file: string
  readonly line: number
}

/** A configuration that nginx refuses; the message is what it prints after `[emerg]`. */
export class ConfigurationError extends Error {}

interface Token {
  readonly text: string
  readonly line: number
  /** `{`, `}` and `;` that stand for themselves, not quoted ones. */
  readonly isMark: boolean
}

/** Reads a configuration file into directives; `include` gives the files that a pattern names. */
export function parseConfiguration(
  text: string,
  file: string,
  include: (pattern: string) => readonly (readonly [file: string, text: string])[],
): Directive[] {
  const tokens = tokenize(text)
  let at = 0
  const fail = (message: string, line: number): never => {
    throw new ConfigurationError(`${message} in ${file}:${line}`)
  }
  const block = (isNested: boolean): Directive[] => {
    const directives: Directive[] = []
    for (;;) {
      const first = tokens[at]
      if (!first) {
        if (isNested) fail('unexpected end of file, expecting "}"', tokens.at(-1)?.line ?? 1)
        return directives
      }
      at++
      if (first.isMark && first.text === '}') {
        if (!isNested) fail('unexpected "}"', first.line)
        return directives
      }
      if (first.isMark) fail(`unexpected "${first.text}"`, first.line)
      const words: string[] = []
      let mark: Token | undefined
      for (mark = tokens[at++]; mark && !mark.isMark; mark = tokens[at++]) words.push(mark.text)
      if (!mark) return fail('unexpected end of file, expecting ";" or "}"', first.line)
      if (mark.text === '}') fail('unexpected "}"', mark.line)
      if (first.text === 'include' && mark.text === ';') {
        for (const [name, content] of include(words[0] ?? ''))
          directives.push(...parseConfiguration(content, name, include))
        continue
      }
      const inner = mark.text === '{' ? block(true) : undefined
      directives.push({ name: first.text, words, block: inner, file, line: first.line })
    }
  }
  return block(false)
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  const pattern =
    /(\n)|[ \t\r]+|#[^\n]*|([{};])|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:\$\{|[^\s{};"'\\]|\\.)(?:\$\{[^}]*\}|[^\s{};\\]|\\.)*)/gs
  let line = 1
  for (const [whole, newline, mark, double, single, word] of text.matchAll(pattern)) {
    if (newline) line++
    else if (mark) tokens.push({ text: mark, line, isMark: true })
    else if (double !== undefined || single !== undefined)
      tokens.push({ text: withoutEscapes(double ?? single!), line, isMark: false })
    else if (word !== undefined) tokens.push({ text: word, line, isMark: false })
    if (!newline) line += whole.split('\n').length - 1
  }
  return tokens
}

function withoutEscapes(text: string): string {
  return text
    .replace(/\\(["'\\])/g, '$1')
    .replace(/\\t/g, '\t')
    .replace(/\\n/g, '\n')
    .replace(/\\r/g, '\r')
}
