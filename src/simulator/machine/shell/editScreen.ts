import { characterWidth, graphemesOf } from '../characterWidth.ts'
import type { Terminal } from '../terminal.ts'
import type { EditBuffer } from './editBuffer.ts'

/** Draws the line being edited, over several rows where it is long. */
export class EditScreen {
  readonly #terminal: Terminal
  /** The row of the cursor, counted from the row where the prompt began. */
  #row = 0
  #output = ''

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** Begins a new line with its prompt; what stands above stays. */
  begin(prompt: string): void {
    const lastLine = prompt.lastIndexOf('\n') + 1
    this.#output += prompt.slice(0, lastLine)
    this.#row = 0
  }

  /** Draws prompt and line anew from the row where the prompt began. */
  draw(prompt: string, buffer: EditBuffer): void {
    const columns = this.#terminal.columns
    const shown = prompt.slice(prompt.lastIndexOf('\n') + 1)
    let text = `${this.#row > 0 ? `\x1b[${this.#row}A` : ''}\r\x1b[J${shown}`
    let row = 0
    let column = 0
    const advance = (width: number) => {
      if (column + width > columns) {
        row++
        column = 0
      }
      column += width
    }
    for (const character of graphemesOf(withoutColours(shown))) advance(characterWidth(character))
    let cursor = { row, column }
    for (const [index, character] of buffer.characters.entries()) {
      if (index === buffer.cursor) cursor = { row, column }
      if (character === '\n') {
        text += '\n'
        row++
        column = 0
        continue
      }
      const visible = visibleForm(character)
      text += visible
      for (const part of graphemesOf(visible)) advance(characterWidth(part))
    }
    if (buffer.isAtEnd) cursor = { row, column }
    if (column === columns) {
      text += '\n'
      row++
      column = 0
      if (buffer.isAtEnd) cursor = { row, column }
    } else if (cursor.column === columns) cursor = { row: cursor.row + 1, column: 0 }
    if (row > cursor.row) text += `\x1b[${row - cursor.row}A`
    if (row !== cursor.row || column !== cursor.column) {
      text += `\r${cursor.column > 0 ? `\x1b[${cursor.column}C` : ''}`
    }
    this.#row = cursor.row
    this.#output += text
  }

  /** Adds a character at the end of the line; false when the line has to be drawn anew for it. */
  append(prompt: string, buffer: EditBuffer, added: string): boolean {
    const width = lineWidth(prompt, buffer)
    if (
      buffer.characters.includes('\n') ||
      !/^[\x20-\x7e\u00a1-\u02ff\uac00-\ud7a3]$/.test(added) ||
      width % this.#terminal.columns === 0
    )
      return false
    if (characterWidth(added) > 1 && width > this.#terminal.columns) return false
    this.#output += added
    return true
  }

  /** Leaves the line as it is and goes below it. */
  finish(prompt: string, buffer: EditBuffer, after: string): void {
    buffer.moveTo(buffer.characters.length)
    const isLong = lineWidth(prompt, buffer) > this.#terminal.columns || buffer.characters.includes('\n')
    if (this.#row > 0 || isLong) this.draw(prompt, buffer)
    this.#output += after
    this.#row = 0
  }

  /** Writes something that is no part of the line: a bell, a list of completions. */
  write(text: string): void {
    this.#output += text
  }

  /** The line begins on a fresh row: after a list, or after Ctrl-L. */
  reset(): void {
    this.#row = 0
  }

  /** Gives what is to be written to the terminal. */
  take(): string {
    const output = this.#output
    this.#output = ''
    return output
  }
}

function lineWidth(prompt: string, buffer: EditBuffer): number {
  const shown = withoutColours(prompt.slice(prompt.lastIndexOf('\n') + 1))
  let width = 0
  for (const character of graphemesOf(shown)) width += characterWidth(character)
  for (const character of buffer.characters) width += characterWidth(character)
  return width
}

function withoutColours(text: string): string {
  return text.replace(/\x1b\[[\d;?]*[A-Za-z]|\x1b\][^\x07]*\x07/g, '')
}

/** Control characters show as `^A`. */
function visibleForm(character: string): string {
  if (character === '\t') return '        '
  return character < ' ' ? `^${String.fromCharCode(character.charCodeAt(0) + 64)}` : character
}
