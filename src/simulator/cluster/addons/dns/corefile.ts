/** A line of a Corefile: a word, what follows it, and the lines in braces behind it. */
export interface Directive {
  readonly name: string
  readonly args: readonly string[]
  readonly block: readonly Directive[]
  readonly line: number
}

/** The part of a Corefile that is for certain zones and a port. */
export interface ServerBlock {
  /** Lower case, with the final dot. */
  readonly zones: readonly string[]
  readonly port: number
  readonly plugins: readonly Directive[]
}

/** What CoreDNS says about a Corefile that it cannot use. */
export class CorefileError extends Error {}

interface Token {
  readonly text: string
  readonly line: number
}

/** Reads a Corefile (coredns.io/manual/toc, the syntax is Caddy's). */
export function parseCorefile(text: string): ServerBlock[] {
  const tokens = tokenize(text)
  const blocks: ServerBlock[] = []
  let at = 0
  while (at < tokens.length) {
    const keys: string[] = []
    while (at < tokens.length && tokens[at]!.text !== '{') {
      const key = tokens[at++]!.text.replace(/,$/, '')
      if (key) keys.push(key)
    }
    if (tokens[at]?.text !== '{')
      throw new CorefileError(`Corefile:${tokens.at(-1)!.line} - Error during parsing: Unexpected EOF`)
    const { directives, end } = parseBlock(tokens, at + 1)
    at = end
    blocks.push(serverBlock(keys, directives))
  }
  return blocks
}

function serverBlock(keys: readonly string[], plugins: readonly Directive[]): ServerBlock {
  let port = 53
  const zones = keys.map(key => {
    const [, zone = '', number] = /^(?:dns:\/\/)?(.*?)(?::(\d+))?$/.exec(key) ?? []
    if (number) port = Number(number)
    return absolute(zone)
  })
  return { zones, port, plugins }
}

/** Lower case, with a dot at the end. */
export function absolute(name: string): string {
  const lower = name.toLowerCase()
  return lower.endsWith('.') ? lower : `${lower}.`
}

function parseBlock(tokens: readonly Token[], start: number): { directives: Directive[]; end: number } {
  const directives: Directive[] = []
  let at = start
  for (;;) {
    const first = tokens[at]
    if (!first)
      throw new CorefileError(`Corefile:${tokens.at(-1)!.line} - Error during parsing: Unexpected EOF, expecting '}'`)
    if (first.text === '}') return { directives, end: at + 1 }
    const args: string[] = []
    at++
    while (tokens[at] && tokens[at]!.line === first.line && tokens[at]!.text !== '{' && tokens[at]!.text !== '}')
      args.push(tokens[at++]!.text)
    let block: Directive[] = []
    if (tokens[at]?.text === '{' && tokens[at]!.line === first.line) {
      const inner = parseBlock(tokens, at + 1)
      block = inner.directives
      at = inner.end
    }
    directives.push({ name: first.text, args, block, line: first.line })
  }
}

function tokenize(text: string): Token[] {
  return text.split('\n').flatMap((content, i) => {
    const words = content.match(/"(?:[^"\\]|\\.)*"|[^\s]+/g) ?? []
    const comment = words.findIndex(word => word.startsWith('#'))
    return (comment < 0 ? words : words.slice(0, comment)).map(word => ({
      text: word.startsWith('"') ? word.slice(1, -1).replaceAll('\\"', '"') : word,
      line: i + 1,
    }))
  })
}
