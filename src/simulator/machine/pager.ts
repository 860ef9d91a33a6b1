import { textWidth } from './characterWidth.ts'
import { enterScreen, Keyboard, leaveScreen } from './keyboard.ts'
import type { Process } from './program.ts'
import { compilePattern, PatternError } from './regularExpression.ts'
import type { Terminal } from './terminal.ts'

/** Lets a person read a text page by page with the keys of less: space, b, arrows, /, n, g, G, q. */
export class Pager {
  readonly #process: Process
  readonly #terminal: Terminal
  readonly #title: string
  readonly #lines: readonly string[]
  #top = 0
  #pattern: RegExp | undefined
  #message = ''

  constructor(process: Process, terminal: Terminal, text: string, title: string) {
    this.#process = process
    this.#terminal = terminal
    this.#title = title
    this.#lines = wrapped(text.replace(/\n$/, '').split('\n'), terminal.columns)
  }

  /** Whether all of it fits on one screen. */
  get fits(): boolean {
    return this.#lines.length < this.#terminal.rows
  }

  async run(): Promise<void> {
    const keyboard = new Keyboard(this.#process, this.#terminal)
    this.#process.onSignal('SIGINT', () => {})
    try {
      await this.#process.write(enterScreen)
      await this.#draw()
      for (
        let key = await keyboard.next();
        key !== undefined && key !== 'q' && key !== 'Q';
        key = await keyboard.next()
      ) {
        this.#message = ''
        if (key === '/' || key === '?') await this.#search(keyboard, key)
        else this.#move(key)
        await this.#draw()
      }
      await this.#process.write(leaveScreen)
    } finally {
      this.#process.onSignal('SIGINT', undefined)
      keyboard.release()
    }
  }

  get #page(): number {
    return this.#terminal.rows - 1
  }

  #move(key: string): void {
    const last = Math.max(0, this.#lines.length - this.#page)
    switch (key) {
      case ' ':
      case 'f':
      case 'pageDown':
        this.#top += this.#page
        break
      case 'b':
      case 'pageUp':
        this.#top -= this.#page
        break
      case 'd':
        this.#top += Math.floor(this.#page / 2)
        break
      case 'u':
        this.#top -= Math.floor(this.#page / 2)
        break
      case 'j':
      case 'e':
      case 'enter':
      case 'down':
        this.#top++
        break
      case 'k':
      case 'y':
      case 'up':
        this.#top--
        break
      case 'g':
      case '<':
      case 'home':
        this.#top = 0
        break
      case 'G':
      case '>':
      case 'end':
        this.#top = last
        break
      case 'n':
        this.#find(1)
        break
      case 'N':
        this.#find(-1)
        break
    }
    this.#top = Math.min(last, Math.max(0, this.#top))
  }

  async #search(keyboard: Keyboard, sign: '/' | '?'): Promise<void> {
    let text = ''
    for (;;) {
      await this.#process.write(`\r\x1b[K${sign}${text}`)
      const key = await keyboard.next()
      if (key === undefined || key === '\x1b') return
      if (key === 'enter') break
      if (key === 'backspace') {
        if (text === '') return
        text = [...text].slice(0, -1).join('')
      } else if (key.length <= 2) text += key
    }
    try {
      this.#pattern = compilePattern(text, { syntax: 'extended' })
      this.#find(sign === '/' ? 1 : -1)
    } catch (error) {
      if (!(error instanceof PatternError)) throw error
      this.#message = error.message
    }
  }

  #find(step: 1 | -1): void {
    const pattern = this.#pattern
    if (!pattern) {
      this.#message = 'No previous regular expression'
      return
    }
    for (let line = this.#top + step; line >= 0 && line < this.#lines.length; line += step) {
      pattern.lastIndex = 0
      if (!pattern.test(this.#lines[line]!)) continue
      this.#top = Math.min(line, Math.max(0, this.#lines.length - this.#page))
      return
    }
    this.#message = 'Pattern not found'
  }

  async #draw(): Promise<void> {
    const shown = this.#lines.slice(this.#top, this.#top + this.#page).map(line => this.#highlighted(line))
    while (shown.length < this.#page) shown.push('~')
    const isAtEnd = this.#top + this.#page >= this.#lines.length
    const prompt =
      this.#message !== ''
        ? this.#message
        : isAtEnd
          ? '(END)'
          : this.#top === 0 && this.#title !== ''
            ? this.#title
            : ':'
    const status = prompt === ':' ? ':' : `\x1b[7m${prompt}\x1b[27m`
    await this.#process.write(`\x1b[H${shown.map(line => `${line}\x1b[K\n`).join('')}${status}\x1b[K`)
  }

  #highlighted(line: string): string {
    if (!this.#pattern) return line
    return line.replace(this.#pattern, match => (match === '' ? '' : `\x1b[7m${match}\x1b[27m`))
  }
}

/** Breaks lines that are wider than the screen. */
function wrapped(lines: readonly string[], columns: number): string[] {
  return lines.flatMap(line => {
    const plain = line.replaceAll('\t', '        ')
    if (textWidth(plain) <= columns) return [plain]
    const pieces = ['']
    for (const character of plain) {
      if (textWidth(pieces[pieces.length - 1]! + character) > columns) pieces.push('')
      pieces[pieces.length - 1] += character
    }
    return pieces
  })
}
