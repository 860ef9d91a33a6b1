import { graphemesOf } from '../characterWidth.ts'

/** The line that is being edited: characters and a cursor between them. */
export class EditBuffer {
  characters: string[] = []
  cursor = 0
  /** What was cut last, for Ctrl-Y. */
  #cut = ''
  readonly #undo: { readonly characters: string[]; readonly cursor: number }[] = []

  get text(): string {
    return this.characters.join('')
  }

  get textBeforeCursor(): string {
    return this.characters.slice(0, this.cursor).join('')
  }

  get isAtEnd(): boolean {
    return this.cursor === this.characters.length
  }

  set(text: string, cursor?: number): void {
    this.characters = graphemesOf(text)
    this.cursor = cursor ?? this.characters.length
  }

  insert(text: string): void {
    this.#remember()
    // What comes may combine with what stands before it: parts of a Hangul syllable, marks over a letter.
    const before = graphemesOf(this.textBeforeCursor + text)
    this.characters = [...before, ...this.characters.slice(this.cursor)]
    this.cursor = before.length
  }

  /** Replaces what stands between two places before the cursor. */
  replace(from: number, to: number, text: string): void {
    this.#remember()
    const inserted = graphemesOf(text)
    this.characters.splice(from, to - from, ...inserted)
    this.cursor = from + inserted.length
  }

  deleteBackward(): boolean {
    if (this.cursor === 0) return false
    this.#remember()
    this.characters.splice(--this.cursor, 1)
    return true
  }

  deleteForward(): boolean {
    if (this.isAtEnd) return false
    this.#remember()
    this.characters.splice(this.cursor, 1)
    return true
  }

  move(by: number): boolean {
    return this.moveTo(Math.max(0, Math.min(this.characters.length, this.cursor + by)))
  }

  /** Puts the cursor somewhere; false when it is there already. */
  moveTo(place: number): boolean {
    const isMoved = place !== this.cursor
    this.cursor = place
    return isMoved
  }

  /** Where the next word ends, or the one before begins; words are letters and digits. */
  wordEdge(direction: 1 | -1): number {
    const isWord = (index: number) => /[\p{L}\p{N}_]/u.test(this.characters[index] ?? '')
    let place = this.cursor
    if (direction > 0) {
      while (place < this.characters.length && !isWord(place)) place++
      while (place < this.characters.length && isWord(place)) place++
    } else {
      while (place > 0 && !isWord(place - 1)) place--
      while (place > 0 && isWord(place - 1)) place--
    }
    return place
  }

  /** Where the piece between spaces begins that ends at the cursor: Ctrl-W. */
  spaceEdge(): number {
    let place = this.cursor
    while (place > 0 && /\s/.test(this.characters[place - 1]!)) place--
    while (place > 0 && !/\s/.test(this.characters[place - 1]!)) place--
    return place
  }

  /** Cuts what stands between the cursor and a place; false when that is nothing. */
  cutTo(place: number): boolean {
    const [from, to] = place < this.cursor ? [place, this.cursor] : [this.cursor, place]
    if (from === to) return false
    this.#remember()
    this.#cut = this.characters.splice(from, to - from).join('')
    this.cursor = from
    return true
  }

  yank(): boolean {
    if (this.#cut !== '') this.insert(this.#cut)
    return this.#cut !== ''
  }

  /** Exchanges the two characters around the cursor: Ctrl-T. */
  transpose(): boolean {
    if (this.characters.length < 2 || this.cursor === 0) return false
    this.#remember()
    const at = Math.min(this.cursor, this.characters.length - 1)
    const [left, right] = [this.characters[at - 1]!, this.characters[at]!]
    this.characters.splice(at - 1, 2, right, left)
    this.cursor = at + 1
    return true
  }

  /** Changes the case of the word from the cursor on. */
  changeWord(change: (word: string) => string): boolean {
    const end = this.wordEdge(1)
    if (end === this.cursor) return false
    const word = this.characters.slice(this.cursor, end).join('')
    this.replace(this.cursor, end, change(word))
    return true
  }

  undo(): boolean {
    const before = this.#undo.pop()
    if (!before) return false
    this.characters = before.characters
    this.cursor = before.cursor
    return true
  }

  #remember(): void {
    this.#undo.push({ characters: [...this.characters], cursor: this.cursor })
    if (this.#undo.length > 200) this.#undo.shift()
  }
}
