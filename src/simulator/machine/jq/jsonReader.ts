import type { Json } from './syntax.ts'

/** Text that is no JSON, in jq's words: `Invalid literal at line 2, column 0`. */
export class JsonSyntaxError extends Error {}

/** A value that has been read, and how many lines had come by then. */
export interface ReadValue {
  readonly value: Json
  readonly line: number
}

/** Reads JSON values that follow each other, as their text comes in. */
export class JsonReader {
  readonly #stack: (Json[] | { [key: string]: Json } | PendingKey)[] = []
  #next: { readonly value: Json } | undefined
  #token = ''
  #string: 'text' | 'escape' | undefined
  #line = 1
  #column = 0
  #lines = 0
  #values: Json[] = []

  #error(message: string): JsonSyntaxError {
    return new JsonSyntaxError(`${message} at line ${this.#line}, column ${this.#column}`)
  }

  /** The values that a piece of text completes, line by line. */
  *feed(text: string): Generator<ReadValue> {
    for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      if (line.endsWith('\n')) this.#lines++
      for (let i = 0; i < line.length; i++) this.#scan(line[i]!)
      for (const value of this.#values.splice(0)) yield { value, line: this.#lines }
    }
  }

  /** What is complete only because nothing follows. */
  *end(): Generator<ReadValue> {
    if (this.#string) throw this.#error('Unfinished string at EOF')
    if (this.#token !== '') this.#literal(' at EOF')
    if (this.#stack.length > 0) throw this.#error('Unfinished JSON term at EOF')
    this.#emit()
    for (const value of this.#values.splice(0)) yield { value, line: this.#lines }
  }

  #scan(character: string): void {
    this.#column++
    if (character === '\n') {
      this.#line++
      this.#column = 0
    }
    if (this.#string) this.#inString(character)
    else if (character === '"') {
      this.#literal()
      this.#string = 'text'
      this.#token = ''
    } else if (/[\s\u001e]/.test(character)) this.#literal()
    else if ('[{:,]}'.includes(character)) {
      this.#literal()
      this.#structure(character)
    } else this.#token += character
    if (this.#next && this.#stack.length === 0 && this.#token === '' && !this.#string) this.#emit()
  }

  #inString(character: string): void {
    if (this.#string === 'escape') {
      this.#token += character
      this.#string = 'text'
    } else if (character === '\\') {
      this.#token += character
      this.#string = 'escape'
    } else if (character === '"') {
      this.#string = undefined
      const source = this.#token
      this.#token = ''
      this.#value(this.#unescape(source))
    } else this.#token += character
  }

  #unescape(source: string): string {
    const control = /[\x00-\x1f]/.exec(source)
    if (control) throw this.#error('Invalid string: control characters from U+0000 through U+001F must be escaped')
    if (!source.includes('\\')) return source
    if (/\\(?:[^"\\/bfnrtu]|u(?![0-9a-fA-F]{4}))/.test(source.replaceAll('\\\\', '')))
      throw this.#error('Invalid escape')
    return JSON.parse(`"${source}"`) as string
  }

  /** Ends a number, true, false or null. */
  #literal(suffix = ''): void {
    const word = this.#token
    if (word === '') return
    this.#token = ''
    const known = { t: 'true', f: 'false', n: 'null' }[word[0]!]
    if (known !== undefined) {
      if (word !== known) throw this.#error(`Invalid literal${suffix}`)
      this.#value(JSON.parse(word) as Json)
      return
    }
    const value = numberOf(word)
    if (value === undefined) throw this.#error(`Invalid numeric literal${suffix}`)
    this.#value(value)
  }

  #value(value: Json): void {
    if (this.#next) {
      if (this.#stack.length > 0) throw this.#error('Expected separator between values')
      this.#emit()
    }
    this.#next = { value }
  }

  #emit(): void {
    if (!this.#next) return
    this.#values.push(this.#next.value)
    this.#next = undefined
  }

  #structure(character: string): void {
    switch (character) {
      case '[':
      case '{':
        if (this.#next) {
          if (this.#stack.length > 0) throw this.#error('Expected separator between values')
          this.#emit()
        }
        this.#stack.push(character === '[' ? [] : {})
        return
      case ':': {
        if (!this.#next) throw this.#error("Expected string key before ':'")
        const top = this.#stack.at(-1)
        if (!top || Array.isArray(top) || top instanceof PendingKey) throw this.#error("':' not as part of an object")
        if (typeof this.#next.value !== 'string') throw this.#error('Object keys must be strings')
        this.#stack.push(new PendingKey(this.#next.value))
        this.#next = undefined
        return
      }
      case ',':
        if (!this.#next) throw this.#error("Expected value before ','")
        if (this.#stack.length === 0) throw this.#error("',' not as part of an array or object")
        this.#store()
        return
      default:
        this.#close(character)
    }
  }

  /** Puts the value that has been read into the array or object around it. */
  #store(): void {
    const { value } = this.#next!
    this.#next = undefined
    const top = this.#stack.at(-1)!
    if (Array.isArray(top)) top.push(value)
    else if (top instanceof PendingKey) {
      this.#stack.pop()
      const object = this.#stack.at(-1) as { [key: string]: Json }
      object[top.key] = value
    } else throw this.#error('Objects must consist of key:value pairs')
  }

  #close(character: string): void {
    const top = this.#stack.at(-1)
    if (character === ']') {
      if (!Array.isArray(top)) throw this.#error("Unmatched ']'")
      if (this.#next) this.#store()
      else if (top.length > 0) throw this.#error('Expected another array element')
    } else {
      if (!top) throw this.#error("Unmatched '}'")
      if (this.#next) {
        if (Array.isArray(top)) throw this.#error("Unmatched '}'")
        this.#store()
      } else if (Array.isArray(top) || top instanceof PendingKey) throw this.#error("Unmatched '}'")
      else if (Object.keys(top).length > 0) throw this.#error('Expected another key-value pair')
    }
    this.#next = { value: this.#stack.pop() as Json }
  }
}

/** The key of an object whose value is still to come. */
class PendingKey {
  readonly key: string
  constructor(key: string) {
    this.key = key
  }
}

function numberOf(word: string): number | undefined {
  if (/^-?nan$/i.test(word)) return Number.NaN
  const infinite = /^(-?)inf(inity)?$/i.exec(word)
  if (infinite) return infinite[1] ? -Number.MAX_VALUE : Number.MAX_VALUE
  if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(word)) return undefined
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, Number(word)))
}
