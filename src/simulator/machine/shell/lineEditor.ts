import type { Process } from '../program.ts'
import { readThrough } from '../streams.ts'
import { cookedMode, editingMode, type Terminal } from '../terminal.ts'
import { type Completion, commonStart, completionList } from './completionList.ts'
import { EditBuffer } from './editBuffer.ts'
import { EditScreen } from './editScreen.ts'
import type { History } from './history.ts'
import { nextKey } from './keys.ts'

/** How reading a line ended. */
export type EditResult =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'interrupt' }

/** What the editor needs for a line. */
export interface EditRequest {
  readonly prompt: string
  readonly history?: History
  /** What Tab offers for the text before the cursor. */
  complete?(textBeforeCursor: string): Promise<Completion>
  /** Whether the terminal is told to mark pasted text. */
  readonly marksPaste: boolean
}

const pasteStart = '\x1b[200~'
const pasteEnd = '\x1b[201~'

/** Reads lines from a terminal with the keys of readline. */
export class LineEditor {
  readonly #process: Process
  readonly #terminal: Terminal
  readonly #screen: EditScreen
  #buffer = new EditBuffer()
  #request!: EditRequest
  /** Where in the history the line comes from; the length of the history means: it is new. */
  #place = 0
  /** Lines of the history as they were edited before Enter, by place. */
  #drafts = new Map<number, string>()
  #search: { text: string; place: number; isFailing: boolean; before: string } | undefined
  #isAfterTab = false
  #result: EditResult | undefined
  /** What has been read and not looked at. */
  #keys = ''

  constructor(process: Process, terminal: Terminal) {
    this.#process = process
    this.#terminal = terminal
    this.#screen = new EditScreen(terminal)
  }

  /** Lets someone edit a line until Enter, Ctrl-C or Ctrl-D. */
  async read(request: EditRequest): Promise<EditResult> {
    this.#request = request
    this.#buffer = new EditBuffer()
    this.#drafts.clear()
    this.#place = request.history?.lines.length ?? 0
    this.#search = undefined
    this.#result = undefined
    this.#terminal.setMode(editingMode)
    try {
      if (request.marksPaste) this.#screen.write('\x1b[?2004h')
      this.#screen.begin(request.prompt)
      this.#screen.write(request.prompt.slice(request.prompt.lastIndexOf('\n') + 1))
      await this.#flush()
      while (!this.#result) await this.#step()
      return this.#result
    } finally {
      this.#terminal.setMode(cookedMode)
      if (this.#keys !== '') this.#terminal.unread(this.#keys.replaceAll('\r', '\n'))
      this.#keys = ''
    }
  }

  async #step(): Promise<void> {
    const piece = await readThrough(this.#process, this.#terminal, this.#process)
    if (piece === undefined) {
      this.#result = { kind: 'end' }
      return
    }
    this.#keys += piece
    while (this.#keys !== '' && !this.#result) {
      if (this.#keys.startsWith(pasteStart)) {
        const end = this.#keys.indexOf(pasteEnd)
        if (end < 0) break
        this.#paste(this.#keys.slice(pasteStart.length, end))
        this.#keys = this.#keys.slice(end + pasteEnd.length)
        continue
      }
      const key = nextKey(this.#keys)
      if (key === undefined) break
      this.#keys = this.#keys.slice(key.length)
      await this.#press(key)
    }
    await this.#flush()
  }

  async #flush(): Promise<void> {
    const output = this.#screen.take()
    if (output !== '') await this.#process.stderr.write(output)
  }

  async #press(key: string): Promise<void> {
    if (this.#search && this.#pressInSearch(key)) return
    if (key === '\t' && this.#request.complete) return this.#complete()
    this.#isAfterTab = false
    const action = actions.get(key)
    if (action) return this.#act(action)
    if (key >= ' ' && !key.startsWith('\x1b')) this.#insert(key)
  }

  #act(action: Action): void {
    const buffer = this.#buffer
    switch (action) {
      case 'accept':
        return this.#finish({ kind: 'line', text: buffer.text }, '\n')
      case 'interrupt':
        return this.#finish({ kind: 'interrupt' }, '^C\n')
      case 'end':
        if (buffer.characters.length > 0) return this.#edit(buffer.deleteForward())
        return this.#finish({ kind: 'end' }, '')
      case 'clear':
        this.#screen.write('\x1b[H\x1b[2J\x1b[3J')
        this.#screen.reset()
        return this.#draw()
      case 'previous':
        return this.#go(this.#place - 1)
      case 'next':
        return this.#go(this.#place + 1)
      case 'first':
        return this.#go(0)
      case 'last':
        return this.#go(this.#request.history?.lines.length ?? 0)
      case 'search':
        this.#search = { text: '', place: this.#place, isFailing: false, before: buffer.text }
        return this.#draw()
      case 'lastArgument': {
        const last = this.#request.history?.lines.at(-1)?.trim().split(/\s+/).at(-1)
        return last ? this.#insert(last) : this.#bell()
      }
      case 'undo':
        return this.#edit(buffer.undo())
      default:
        return this.#edit(edits[action](buffer))
    }
  }

  #edit(isDone: boolean): void {
    if (isDone) this.#draw()
    else this.#bell()
  }

  #insert(text: string): void {
    const isAtEnd = this.#buffer.isAtEnd
    const before = this.#buffer.characters.length
    this.#buffer.insert(text)
    const isOneMore = this.#buffer.characters.length === before + 1
    if (isAtEnd && isOneMore && !this.#search && this.#screen.append(this.#request.prompt, this.#buffer, text)) return
    this.#draw()
  }

  /** Pasted text is put in as it is; only Enter runs it. */
  #paste(text: string): void {
    if (this.#search) this.#search = undefined
    this.#isAfterTab = false
    this.#insert(text.replace(/\r\n?/g, '\n').replace(/\n$/, ''))
  }

  #finish(result: EditResult, after: string): void {
    // Readline goes to a new line at the end of the input when it has switched the marking of pastes off.
    const marksOff = result.kind === 'end' ? '\x1b[?2004l\r\n' : `${after}\x1b[?2004l\r`
    this.#screen.finish(this.#prompt(), this.#buffer, this.#request.marksPaste ? marksOff : after)
    this.#result = result
  }

  #go(place: number): void {
    const lines = this.#request.history?.lines ?? []
    if (place < 0 || place > lines.length || place === this.#place) return this.#bell()
    this.#drafts.set(this.#place, this.#buffer.text)
    this.#place = place
    this.#buffer.set(this.#drafts.get(place) ?? lines[place] ?? '')
    this.#draw()
  }

  #bell(): void {
    this.#screen.write('\x07')
  }

  #draw(): void {
    this.#screen.draw(this.#prompt(), this.#buffer)
  }

  #prompt(): string {
    const search = this.#search
    if (!search) return this.#request.prompt
    return `(${search.isFailing ? 'failed ' : ''}reverse-i-search)\`${search.text}': `
  }

  /** Handles a key during Ctrl-R; false when the key ends the search and means something by itself. */
  #pressInSearch(key: string): boolean {
    const search = this.#search!
    if (key === '\x12') this.#find(search.place - 1)
    else if (key === '\x7f' || key === '\b') {
      search.text = search.text.slice(0, -1)
      this.#find((this.#request.history?.lines.length ?? 0) - 1)
    } else if (key === '\x07' || key === '\x03') {
      this.#search = undefined
      this.#buffer.set(search.before)
      if (key === '\x03') return false
    } else if (key >= ' ' && !key.startsWith('\x1b') && key !== '\x7f') {
      search.text += key
      this.#find(Math.min(search.place, (this.#request.history?.lines.length ?? 0) - 1))
    } else {
      this.#search = undefined
      this.#place = search.isFailing ? this.#place : search.place
      this.#draw()
      return key === '\x1b'
    }
    this.#draw()
    return true
  }

  #find(from: number): void {
    const search = this.#search!
    const lines = this.#request.history?.lines ?? []
    const place = lines.findLastIndex((line, index) => index <= from && line.includes(search.text))
    search.isFailing = place < 0
    if (place < 0) return
    search.place = place
    this.#buffer.set(lines[place]!)
    this.#buffer.moveTo([...lines[place]!.slice(0, lines[place]!.indexOf(search.text))].length)
  }

  async #complete(): Promise<void> {
    await this.#flush()
    const buffer = this.#buffer
    const before = buffer.textBeforeCursor
    const { from, candidates } = await this.#request.complete!(before)
    if (candidates.length === 0) return this.#bell()
    const typed = before.slice(from)
    const start = commonStart(candidates.map(candidate => candidate.text))
    const [only] = candidates
    const text = candidates.length === 1 ? only!.text + only!.ending : start
    if (text.length > typed.length || (candidates.length === 1 && text !== typed)) {
      const place = buffer.cursor - new EditBufferLength(typed).length
      buffer.replace(place, buffer.cursor, text)
      this.#isAfterTab = false
      return this.#draw()
    }
    if (!this.#isAfterTab) {
      this.#isAfterTab = true
      return this.#bell()
    }
    this.#isAfterTab = false
    const list = completionList(candidates, this.#terminal.columns)
    const cursor = buffer.cursor
    this.#screen.finish(this.#prompt(), buffer, `\n${list}`)
    buffer.moveTo(cursor)
    this.#draw()
  }
}

/** Counts characters as the buffer does. */
class EditBufferLength {
  readonly length: number

  constructor(text: string) {
    const buffer = new EditBuffer()
    buffer.set(text)
    this.length = buffer.characters.length
  }
}

type Edit = keyof typeof edits
type Action =
  | Edit
  | 'accept'
  | 'interrupt'
  | 'end'
  | 'clear'
  | 'previous'
  | 'next'
  | 'first'
  | 'last'
  | 'search'
  | 'lastArgument'
  | 'undo'

/** What keys do to the line itself; false rings the bell. */
const edits = {
  left: (buffer: EditBuffer) => buffer.move(-1),
  right: (buffer: EditBuffer) => buffer.move(1),
  home: (buffer: EditBuffer) => buffer.moveTo(0),
  lineEnd: (buffer: EditBuffer) => buffer.moveTo(buffer.characters.length),
  wordLeft: (buffer: EditBuffer) => buffer.moveTo(buffer.wordEdge(-1)),
  wordRight: (buffer: EditBuffer) => buffer.moveTo(buffer.wordEdge(1)),
  backspace: (buffer: EditBuffer) => buffer.deleteBackward(),
  delete: (buffer: EditBuffer) => buffer.deleteForward(),
  cutToEnd: (buffer: EditBuffer) => buffer.cutTo(buffer.characters.length),
  cutToStart: (buffer: EditBuffer) => buffer.cutTo(0),
  cutSpaceWord: (buffer: EditBuffer) => buffer.cutTo(buffer.spaceEdge()),
  cutWordLeft: (buffer: EditBuffer) => buffer.cutTo(buffer.wordEdge(-1)),
  cutWordRight: (buffer: EditBuffer) => buffer.cutTo(buffer.wordEdge(1)),
  yank: (buffer: EditBuffer) => buffer.yank(),
  transpose: (buffer: EditBuffer) => buffer.transpose(),
  upper: (buffer: EditBuffer) => buffer.changeWord(word => word.toUpperCase()),
  lower: (buffer: EditBuffer) => buffer.changeWord(word => word.toLowerCase()),
  capital: (buffer: EditBuffer) => buffer.changeWord(word => word.replace(/\p{L}/u, letter => letter.toUpperCase())),
} satisfies Record<string, (buffer: EditBuffer) => boolean>

/** Keys as terminals send them, and what readline does with them (readline(3), emacs mode). */
const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['\r', 'accept'],
  ['\n', 'accept'],
  ['\x03', 'interrupt'],
  ['\x04', 'end'],
  ['\x0c', 'clear'],
  ['\x10', 'previous'],
  ['\x1b[A', 'previous'],
  ['\x1bOA', 'previous'],
  ['\x0e', 'next'],
  ['\x1b[B', 'next'],
  ['\x1bOB', 'next'],
  ['\x1b<', 'first'],
  ['\x1b>', 'last'],
  ['\x12', 'search'],
  ['\x1b.', 'lastArgument'],
  ['\x1b_', 'lastArgument'],
  ['\x1f', 'undo'],
  ['\x02', 'left'],
  ['\x1b[D', 'left'],
  ['\x1bOD', 'left'],
  ['\x06', 'right'],
  ['\x1b[C', 'right'],
  ['\x1bOC', 'right'],
  ['\x01', 'home'],
  ['\x1b[H', 'home'],
  ['\x1bOH', 'home'],
  ['\x1b[1~', 'home'],
  ['\x05', 'lineEnd'],
  ['\x1b[F', 'lineEnd'],
  ['\x1bOF', 'lineEnd'],
  ['\x1b[4~', 'lineEnd'],
  ['\x1bb', 'wordLeft'],
  ['\x1b[1;5D', 'wordLeft'],
  ['\x1b[1;3D', 'wordLeft'],
  ['\x1bf', 'wordRight'],
  ['\x1b[1;5C', 'wordRight'],
  ['\x1b[1;3C', 'wordRight'],
  ['\x7f', 'backspace'],
  ['\b', 'backspace'],
  ['\x1b[3~', 'delete'],
  ['\x0b', 'cutToEnd'],
  ['\x15', 'cutToStart'],
  ['\x17', 'cutSpaceWord'],
  ['\x1b\x7f', 'cutWordLeft'],
  ['\x1bd', 'cutWordRight'],
  ['\x19', 'yank'],
  ['\x14', 'transpose'],
  ['\x1bu', 'upper'],
  ['\x1bl', 'lower'],
  ['\x1bc', 'capital'],
])
