import type { Process } from './program.ts'
import { editingMode, type Terminal, type TerminalMode } from './terminal.ts'

/** The name of a key: a character, or `up`, `pageDown`, `enter` … */
export type Key = string

const sequences: Readonly<Record<string, Key>> = {
  '\x1b[A': 'up',
  '\x1b[B': 'down',
  '\x1b[C': 'right',
  '\x1b[D': 'left',
  '\x1bOA': 'up',
  '\x1bOB': 'down',
  '\x1bOC': 'right',
  '\x1bOD': 'left',
  '\x1b[5~': 'pageUp',
  '\x1b[6~': 'pageDown',
  '\x1b[H': 'home',
  '\x1b[F': 'end',
  '\x1bOH': 'home',
  '\x1bOF': 'end',
  '\r': 'enter',
  '\n': 'enter',
  '\x7f': 'backspace',
  '\b': 'backspace',
}

/** Single keys from a terminal, for programs that fill the screen. */
export class Keyboard {
  readonly #process: Process
  readonly #terminal: Terminal
  readonly #before: TerminalMode
  #rest = ''

  /** Takes the terminal out of its usual mode until `release`; Ctrl-C still interrupts. */
  constructor(process: Process, terminal: Terminal) {
    this.#process = process
    this.#terminal = terminal
    this.#before = terminal.mode
    terminal.setMode({ ...editingMode, sendsSignals: true })
  }

  release(): void {
    this.#terminal.setMode(this.#before)
  }

  /** The next key; undefined when none comes within so many milliseconds, or ever. */
  async next(within?: number): Promise<Key | undefined> {
    while (this.#rest === '') {
      const text = this.#terminal.take(this.#process)
      if (text === undefined) return undefined
      if (text !== null) this.#rest = text
      else if (within === undefined) await this.#process.wait<void>(wake => this.#terminal.whenReady(wake))
      else {
        const isReady = await this.#process.waitFor<true>(within, wake => this.#terminal.whenReady(() => wake(true)))
        if (!isReady) return undefined
      }
    }
    const sequence = Object.keys(sequences).find(each => this.#rest.startsWith(each))
    const text = sequence ?? String.fromCodePoint(this.#rest.codePointAt(0)!)
    this.#rest = this.#rest.slice(text.length)
    return sequence === undefined ? text : sequences[sequence]!
  }
}

/** Shows the second screen of a terminal, so that what stood there before comes back. */
export const enterScreen = '\x1b[?1049h\x1b[H\x1b[2J'

/** Goes back to the usual screen. */
export const leaveScreen = '\x1b[?1049l'
