import { characterWidth, graphemesOf } from './characterWidth.ts'
import type { Kernel } from './kernel.ts'
import type { Process } from './program.ts'
import { type Input, type Output, Waiters } from './streams.ts'

/** What the line discipline does with keys and output (termios(3)). */
export interface TerminalMode {
  /** Lines are collected and can be corrected before a program sees them. */
  readonly isCanonical: boolean
  readonly isEchoing: boolean
  /** Ctrl-C, Ctrl-Z and Ctrl-\ send signals. */
  readonly sendsSignals: boolean
  /** Enter gives a newline. */
  readonly mapsReturn: boolean
  /** A newline goes out as carriage return and newline. */
  readonly mapsNewline: boolean
}

/** How a terminal is when a shell starts a command. */
export const cookedMode: TerminalMode = {
  isCanonical: true,
  isEchoing: true,
  sendsSignals: true,
  mapsReturn: true,
  mapsNewline: true,
}

/** How line editors and full-screen programs want it: every key at once, nothing shown by itself. */
export const editingMode: TerminalMode = {
  isCanonical: false,
  isEchoing: false,
  sendsSignals: false,
  mapsReturn: false,
  mapsNewline: true,
}

/** How a program wants it that passes everything on to another terminal (`kubectl exec -it`). */
export const rawMode: TerminalMode = { ...editingMode, mapsNewline: false }

/** A screen shows this many characters a millisecond, so that endless output lets time pass. */
const charactersPerMillisecond = 4096

const signalKeys: Readonly<Record<string, string>> = { '\x03': 'SIGINT', '\x1a': 'SIGTSTP', '\x1c': 'SIGQUIT' }

/** A terminal with its line discipline: keys come in at one side, output goes out to a screen. */
export class Terminal implements Input, Output {
  readonly kernel: Kernel
  mode: TerminalMode = cookedMode
  columns: number
  rows: number
  /** The process group that reads keys and gets signals. */
  foreground: number | undefined

  readonly #processes = new Set<Process>()
  readonly #listeners = new Set<(text: string) => void>()
  readonly #ready = new Waiters()
  /** What programs can read. */
  #queue = ''
  /** The line being typed in canonical mode. */
  #line = ''
  /** End-of-file marks that stand behind the queue. */
  #ends = 0
  #isHungUp = false
  #shown = 0
  #busyUntil = 0

  constructor(kernel: Kernel, size: { readonly columns: number; readonly rows: number } = { columns: 80, rows: 24 }) {
    this.kernel = kernel
    this.columns = size.columns
    this.rows = size.rows
  }

  get terminal(): Terminal {
    return this
  }

  /** Keys from the keyboard, as a terminal emulator sends them. */
  input(keys: string): void {
    if (this.#isHungUp) return
    if (!this.mode.isCanonical && !this.mode.sendsSignals) this.#queue += this.#mapped(keys)
    else for (const key of graphemesOf(keys)) this.#key(key)
    this.#ready.wake()
  }

  /** Hands output to a screen; the answer ends that. */
  onOutput(listener: (text: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** The window has another size. */
  resize(columns: number, rows: number): void {
    if (columns === this.columns && rows === this.rows) return
    this.columns = columns
    this.rows = rows
    this.signal('SIGWINCH')
  }

  /** The window is closed: everything that it controls gets SIGHUP. */
  hangUp(): void {
    this.#isHungUp = true
    for (const process of [...this.#processes]) process.kill('SIGHUP')
    for (const process of [...this.#processes]) process.kill('SIGCONT')
    this.#ready.wake()
  }

  /** Sends a signal to the processes in the foreground. */
  signal(name: string): void {
    for (const process of [...this.#processes]) if (process.group === this.foreground) process.kill(name)
  }

  /** Changes the mode; what was half typed becomes readable when lines are no longer collected. */
  setMode(mode: TerminalMode): void {
    this.mode = mode
    if (!mode.isCanonical && this.#line !== '') {
      this.#queue += this.#line
      this.#line = ''
      this.#ready.wake()
    }
  }

  /** A process begins that this terminal controls; the first one is in the foreground. */
  join(process: Process): void {
    this.#processes.add(process)
    this.foreground ??= process.group
  }

  leave(process: Process): void {
    this.#processes.delete(process)
    if (this.#processes.size === 0) this.foreground = undefined
  }

  take(process?: Process): string | undefined | null {
    if (process && this.#isInBackground(process)) {
      process.kill('SIGTTIN')
      return null
    }
    if (this.#queue !== '') {
      const end = this.mode.isCanonical ? this.#queue.indexOf('\n') + 1 || this.#queue.length : this.#queue.length
      const text = this.#queue.slice(0, end)
      this.#queue = this.#queue.slice(end)
      return text
    }
    if (this.#ends > 0) {
      this.#ends--
      return undefined
    }
    return this.#isHungUp ? undefined : null
  }

  whenReady(wake: () => void): void {
    this.#ready.add(wake)
  }

  unread(text: string): void {
    this.#queue = text + this.#queue
  }

  /** Forgets keys that nobody has read. */
  discardInput(): void {
    this.#queue = ''
    this.#line = ''
    this.#ends = 0
  }

  put(text: string): string {
    if (this.#isHungUp) return ''
    const now = this.kernel.clock.now
    if (now < this.#busyUntil) return text
    this.#shown += text.length
    if (this.#shown >= charactersPerMillisecond) {
      this.#busyUntil = now + Math.floor(this.#shown / charactersPerMillisecond)
      this.#shown %= charactersPerMillisecond
    }
    this.#show(this.mode.mapsNewline ? text.replaceAll('\n', '\r\n') : text)
    return ''
  }

  whenRoom(wake: () => void): void {
    this.kernel.clock.after(this.#busyUntil - this.kernel.clock.now, wake)
  }

  retain(): void {}

  release(): void {}

  #isInBackground(process: Process): boolean {
    return process.terminal === this && this.foreground !== undefined && process.group !== this.foreground
  }

  #key(key: string): void {
    const signal = signalKeys[key]
    if (signal && this.mode.sendsSignals) {
      this.discardInput()
      if (this.mode.isEchoing) this.#show(caret(key))
      this.signal(signal)
    } else if (this.mode.isCanonical) this.#lineKey(this.#mapped(key))
    else {
      this.#queue += this.#mapped(key)
      this.#echo(this.#mapped(key))
    }
  }

  #lineKey(key: string): void {
    if (key === '\x04') {
      if (this.#line === '') this.#ends++
      this.#queue += this.#line
      this.#line = ''
    } else if (key === '\x7f' || key === '\b') this.#erase(1)
    else if (key === '\x15') this.#erase(graphemesOf(this.#line).length)
    else if (key === '\x17') this.#erase(graphemesOf(/\S*\s*$/.exec(this.#line)![0]).length)
    else {
      this.#line += key
      this.#echo(key)
      if (!key.endsWith('\n')) return
      this.#queue += this.#line
      this.#line = ''
    }
  }

  #erase(count: number): void {
    const characters = graphemesOf(this.#line)
    for (const character of characters.splice(Math.max(0, characters.length - count)).reverse()) {
      const width = character < ' ' ? 2 : characterWidth(character)
      if (this.mode.isEchoing) this.#show('\b \b'.repeat(width))
    }
    this.#line = characters.join('')
  }

  #echo(key: string): void {
    if (!this.mode.isEchoing) return
    if (key === '\n' || key === '\r\n') this.#show('\r\n')
    else if (key !== '\t' && key < ' ') this.#show(caret(key))
    else this.#show(key)
  }

  #mapped(keys: string): string {
    return this.mode.mapsReturn ? keys.replaceAll('\r', '\n') : keys
  }

  #show(text: string): void {
    for (const listener of [...this.#listeners]) listener(text)
  }
}

/** A control character as terminals show it: `^C`. */
function caret(key: string): string {
  return `^${String.fromCharCode(key.charCodeAt(0) ^ 0x40)}`
}
