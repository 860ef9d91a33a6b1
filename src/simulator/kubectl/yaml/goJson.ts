/** Finds what Go's encoding/json would say about text that is not JSON; undefined when it is. */
export function jsonProblem(text: string): string | undefined {
  const scanner = new JsonScanner(text)
  try {
    scanner.document()
    return undefined
  } catch (error) {
    if (error instanceof JsonProblem) return error.message
    throw error
  }
}

/** Cuts a stream of JSON values into the texts of each; what follows the last whole value is the last piece. */
export function jsonDocuments(text: string): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at)
    if (rest.trim() === '') break
    const scanner = new JsonScanner(rest)
    try {
      scanner.value()
    } catch {
      return [...pieces, rest]
    }
    pieces.push(rest.slice(0, scanner.at))
    at += scanner.at
  }
  return pieces
}

class JsonProblem extends Error {}

class JsonScanner {
  readonly #text: string
  at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): void {
    this.value()
    this.#blanks()
    if (this.at < this.#text.length) this.#fail('after top-level value')
  }

  value(where = 'looking for beginning of value'): void {
    this.#blanks()
    const char = this.#text[this.at]
    if (char === '{') return this.#object()
    if (char === '[') return this.#array()
    if (char === '"') return this.#string()
    const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/.exec(this.#text.slice(this.at))
    if (number) {
      this.at += number[0].length
      return
    }
    for (const word of ['true', 'false', 'null']) if (char === word[0]) return this.#literal(word)
    this.#fail(where)
  }

  #literal(word: string): void {
    for (const [i, letter] of [...word].entries()) {
      if (this.#text[this.at] !== letter) {
        this.#fail(`in literal ${word} (expecting '${word[i]}')`)
      }
      this.at++
    }
  }

  #object(): void {
    this.at++
    this.#blanks()
    if (this.#takes('}')) return
    for (;;) {
      this.#blanks()
      if (this.#text[this.at] !== '"') this.#fail('looking for beginning of object key string')
      this.#string()
      this.#blanks()
      if (!this.#takes(':')) this.#fail('after object key')
      this.value()
      this.#blanks()
      if (this.#takes('}')) return
      if (!this.#takes(',')) this.#fail('after object key:value pair')
    }
  }

  #array(): void {
    this.at++
    this.#blanks()
    if (this.#takes(']')) return
    for (;;) {
      this.value()
      this.#blanks()
      if (this.#takes(']')) return
      if (!this.#takes(',')) this.#fail('after array element')
    }
  }

  #string(): void {
    for (this.at++; ; this.at++) {
      const char = this.#text[this.at]
      if (char === '"') break
      if (char === '\\') {
        this.at++
        if (!'"\\/bfnrtu'.includes(this.#text[this.at] ?? '\0')) this.#fail('in string escape code')
      } else if (char === undefined || char < ' ') this.#fail('in string literal')
    }
    this.at++
  }

  #takes(char: string): boolean {
    if (this.#text[this.at] !== char) return false
    this.at++
    return true
  }

  #blanks(): void {
    while (/[ \t\r\n]/.test(this.#text[this.at] ?? '')) this.at++
  }

  #fail(where: string): never {
    const char = this.#text[this.at]
    if (char === undefined) throw new JsonProblem('unexpected EOF')
    const shown = char === "'" ? `'\\''` : char === '"' ? `'"'` : `'${JSON.stringify(char).slice(1, -1)}'`
    throw new JsonProblem(`invalid character ${shown} ${where}`)
  }
}
