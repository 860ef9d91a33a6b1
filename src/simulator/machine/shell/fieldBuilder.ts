import { escapePattern, hasWildcard } from './pattern.ts'

/** A word after expansion: its text, and the same as a pattern in which quoted characters stand for themselves. */
export interface Field {
  text: string
  pattern: string
}

/** Puts the pieces of a word together and splits what expansions gave at the characters of IFS. */
export class FieldBuilder {
  readonly fields: Field[] = []
  readonly #ifs: string
  readonly #splits: boolean
  #current: Field | undefined
  /** The last field was ended by white space of IFS, so that one more separator may belong to the same gap. */
  #isAfterSpace = false

  constructor(ifs: string, splits: boolean) {
    this.#ifs = ifs
    this.#splits = splits
  }

  get splits(): boolean {
    return this.#splits
  }

  /** Text that stood quoted: taken as it is, even when empty. */
  quoted(text: string): void {
    const field = this.#open()
    field.text += text
    field.pattern += escapePattern(text)
  }

  /** Text that stood in the source without quotes: not split, but a pattern. */
  literal(text: string, pattern = text): void {
    if (text === '' && pattern === '') return
    const field = this.#open()
    field.text += text
    field.pattern += pattern
  }

  /** What an expansion without quotes gave: split at IFS, and a pattern. */
  expanded(text: string): void {
    if (!this.#splits || this.#ifs === '') return this.literal(text)
    let plain = ''
    for (const character of text) {
      if (!this.#ifs.includes(character)) {
        plain += character
        continue
      }
      this.literal(plain)
      plain = ''
      this.#separate(' \t\n'.includes(character))
    }
    this.literal(plain)
  }

  /** Ends the field, so that what follows begins another. */
  break(): void {
    if (this.#current) this.fields.push(this.#current)
    this.#current = undefined
    this.#isAfterSpace = false
  }

  /** All fields, when nothing more comes. */
  finish(): Field[] {
    this.break()
    return this.fields
  }

  /** The fields as one text, for places that do not split. */
  text(): string {
    return this.finish()
      .map(field => field.text)
      .join(' ')
  }

  #separate(isSpace: boolean): void {
    if (isSpace) {
      if (!this.#current) return
      this.break()
      this.#isAfterSpace = true
    } else if (this.#isAfterSpace) this.#isAfterSpace = false
    else {
      this.#open()
      this.break()
    }
  }

  #open(): Field {
    this.#current ??= { text: '', pattern: '' }
    this.#isAfterSpace = false
    return this.#current
  }
}

/** Whether file names are to be looked up for a field. */
export function isWild(field: Field): boolean {
  return hasWildcard(field.pattern)
}
