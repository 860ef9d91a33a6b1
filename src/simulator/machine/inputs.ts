import { FileError } from './fileError.ts'
import { FileStream } from './openFile.ts'
import type { Process, Readable } from './program.ts'
import { shownName } from './quoting.ts'

/** One of the inputs that a command line names. */
export interface NamedInput {
  /** As it was typed; `-` for stdin. */
  readonly name: string
  readonly isStdin: boolean
  readonly stream: Readable
}

/** Opens the inputs that operands name, one after another: files, `-` for stdin, and stdin when there are none. */
export async function* openInputs(
  process: Process,
  operands: readonly string[],
  onError: (error: FileError, name: string) => Promise<unknown>,
): AsyncIterable<NamedInput> {
  for (const name of operands.length === 0 ? ['-'] : operands) {
    if (name === '-') {
      yield { name, isStdin: true, stream: process.stdin }
      continue
    }
    let stream: Readable
    try {
      stream = openFile(process, name)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      await onError(error, name)
      continue
    }
    try {
      yield { name, isStdin: false, stream }
    } finally {
      stream.close()
    }
  }
}

/** Opens a file for reading; unlike open(2) it refuses a directory at once. Throws `FileError`. */
export function openFile(process: Process, name: string): Readable {
  if (process.files.isDirectory(process.path(name))) throw new FileError('EISDIR', name)
  return process.openRead(name)
}

/** Reports a file that cannot be used, in the words of most programs, and gives the exit status 1. */
export function reportFile(process: Process, error: FileError, name: string): Promise<number> {
  return process.fail(fileComplaint(process, error, name))
}

/** What most programs of a flavour say about a file that they cannot read. */
export function fileComplaint(process: Process, error: FileError, name: string): string {
  if (process.flavour === 'gnu') return `${shownName(name)}: ${error.text}`
  return error.code === 'EISDIR' ? `read error: ${error.text}` : `can't open '${name}': ${error.text}`
}

/** Lines that arrived together, without their newlines. */
export interface LineBatch {
  readonly lines: readonly string[]
  /** False when the input ended and its last line has no newline. */
  readonly isTerminated: boolean
}

// Simplified: filters write what they have after each piece of input; real ones keep 4 KiB back when they write to a pipe.
/** The lines of a stream in the batches in which they come, so that a filter writes once per piece. */
export async function* lineBatches(from: Readable, terminator = '\n'): AsyncIterable<LineBatch> {
  let rest = ''
  for (let piece = await from.read(); piece !== undefined; piece = await from.read()) {
    const end = piece.lastIndexOf(terminator)
    if (end < 0) {
      rest += piece
      continue
    }
    const lines = (rest + piece.slice(0, end)).split(terminator)
    rest = piece.slice(end + 1)
    yield { lines, isTerminated: true }
  }
  if (rest !== '') yield { lines: [rest], isTerminated: false }
}

/** All text that is left in a stream. */
export async function readAll(from: Readable): Promise<string> {
  let text = ''
  for (let piece = await from.read(); piece !== undefined; piece = await from.read()) text += piece
  return text
}

/** The lines of a text, without newlines; a newline at the end begins no further line. */
export function linesIn(text: string, terminator = '\n'): string[] {
  if (text === '') return []
  const lines = text.split(terminator)
  if (lines[lines.length - 1] === '') lines.pop()
  return lines
}

/** Puts back what a program has read too much of; only files can be wound back. */
export function windBack(stream: Readable, text: string): void {
  if (text !== '' && 'descriptor' in stream && stream.descriptor instanceof FileStream) stream.unread(text)
}

/** The text of a file or of stdin (`-`). Throws `FileError`. */
export async function readInput(process: Process, name: string): Promise<string> {
  if (name === '-') return process.readAll()
  const stream = openFile(process, name)
  try {
    return await readAll(stream)
  } finally {
    stream.close()
  }
}

/** Writes pieces of text and keeps them together until there is enough for one write. */
export class OutputBuffer {
  #text = ''
  readonly #process: Process

  constructor(process: Process) {
    this.#process = process
  }

  add(text: string): void {
    this.#text += text
  }

  /** Writes when much has come together: endless output must not grow without end. */
  async settle(): Promise<void> {
    if (this.#text.length > 16_384) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#text === '') return
    const text = this.#text
    this.#text = ''
    await this.#process.write(text)
  }
}
