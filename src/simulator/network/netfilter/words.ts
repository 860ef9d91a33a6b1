/** A rule that iptables does not understand; the message is iptables' own, without its name and version. */
export class RuleSyntaxError extends Error {}

/** Splits a line as iptables-restore does: blanks separate, double quotes hold together, a backslash takes the next. */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let isQuoted = false
  for (let i = 0; i < line.length; i++) {
    const letter = line[i]!
    if (letter === '\\' && i + 1 < line.length) word = (word ?? '') + line[++i]
    else if (letter === '"') {
      isQuoted = !isQuoted
      word ??= ''
    } else if (!isQuoted && (letter === ' ' || letter === '\t' || letter === '\n')) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + letter
  }
  if (word !== undefined) words.push(word)
  return words
}

/** Reads the words of a command line from the left. */
export class WordReader {
  #words: readonly string[]
  #at = 0

  constructor(words: readonly string[]) {
    this.#words = words
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#words.length
  }

  next(): string {
    return this.#words[this.#at++]!
  }

  /** The next word as the value of an option. */
  value(option: string): string {
    if (this.isAtEnd) throw new RuleSyntaxError(`option "${option}" requires an argument`)
    return this.next()
  }

  peek(): string | undefined {
    return this.#words[this.#at]
  }

  /** The next word if it is not an option. */
  optionalValue(): string | undefined {
    const word = this.peek()
    return word === undefined || word.startsWith('-') || word === '!' ? undefined : this.next()
  }
}
