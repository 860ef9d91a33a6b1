import type { FromLab, ToLab } from './protocol.ts'

type Latest = { [Type in FromLab['type']]?: Extract<FromLab, { type: Type }> }

/** The page's end of the line to a lab. Panes subscribe to it; each sees the latest message of every type. */
export class LabClient {
  readonly lesson: string
  #worker: Worker
  #latest: Latest = {}
  #listeners = new Set<() => void>()
  #screen: ((text: string, fresh: boolean) => void) | undefined
  #unread: { text: string; fresh: boolean }[] = []
  #size = { columns: 80, rows: 24 }

  constructor(lesson: string) {
    this.lesson = lesson
    this.#worker = takeEarlyWorker() ?? new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    this.#worker.addEventListener('message', event => this.#receive(event.data as FromLab))
    this.#worker.addEventListener('error', event => this.#receive({ type: 'bug', report: event.message }))
    const language = document.documentElement.lang === 'ko' ? 'ko' : 'en'
    this.send({ type: 'open', lesson, ...this.#size, language })
    addEventListener('pagehide', () => this.send({ type: 'leave' }))
  }

  /** What was last said of everything; a new object whenever something changed. */
  get latest(): Latest {
    return this.#latest
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  send(message: ToLab): void {
    this.#worker.postMessage(message)
  }

  /** Shows the terminal's output on a screen, from the beginning. */
  attach(screen: (text: string, fresh: boolean) => void): () => void {
    this.#screen = screen
    for (const { text, fresh } of this.#unread) screen(text, fresh)
    this.#unread = []
    return () => {
      this.#screen = undefined
    }
  }

  resize(columns: number, rows: number): void {
    if (columns === this.#size.columns && rows === this.#size.rows) return
    this.#size = { columns, rows }
    this.send({ type: 'resize', columns, rows })
  }

  #receive(message: FromLab): void {
    if (message.type === 'output') {
      const fresh = message.fresh ?? false
      if (this.#screen) this.#screen(message.text, fresh)
      else this.#unread.push({ text: message.text, fresh })
      return
    }
    this.#latest = { ...this.#latest, [message.type]: message }
    for (const listener of this.#listeners) listener()
  }
}

declare const labWorker: Worker | false | undefined
const early = { worker: typeof labWorker === 'undefined' ? undefined : labWorker || undefined }

/** The worker that the head of the page has started; one lab may have it. */
function takeEarlyWorker(): Worker | undefined {
  const { worker } = early
  early.worker = undefined
  return worker
}

const clients = new Map<string, LabClient>()

/** The lab of a lesson on this page; the first call starts it. */
export function labOf(lesson: string): LabClient {
  let client = clients.get(lesson)
  if (!client) {
    client = new LabClient(lesson)
    clients.set(lesson, client)
  }
  return client
}
