import { FileError } from '../../../machine/fileError.ts'
import type { Process, Writable } from '../../../machine/program.ts'

/** A log that lines can be added to from anywhere; they are written in order. */
export class LogFile {
  readonly #process: Process
  readonly #stream: Writable | undefined
  readonly #lines: string[] = []
  #isWriting = false

  constructor(process: Process, path: string) {
    this.#process = process
    this.#stream = open(process, path)
  }

  write(line: string): void {
    if (!this.#stream) return
    this.#lines.push(line)
    if (this.#isWriting) return
    this.#isWriting = true
    this.#process.thread(() => this.#flush(this.#stream!))
  }

  async #flush(stream: Writable): Promise<void> {
    while (this.#lines.length > 0) await stream.write(this.#lines.splice(0).join(''))
    this.#isWriting = false
  }
}

/** The official image makes its logs links to the container's own output. */
function open(process: Process, path: string): Writable | undefined {
  const target = linkTarget(process, path)
  if (target === 'stderr' || target === '/dev/stderr') return process.stderr
  if (target === '/dev/stdout') return process.stdout
  try {
    return process.openWrite(target, { append: true })
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    return undefined
  }
}

function linkTarget({ files }: Process, path: string): string {
  try {
    return files.readLink(path)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    return path
  }
}
