import { FileError } from '../../../machine/fileError.ts'
import { LineOutput } from '../../../machine/lineOutput.ts'
import type { Process, Writable } from '../../../machine/program.ts'

/** A log that lines can be added to from anywhere; they are written in order. */
export class LogFile {
  readonly #output: LineOutput | undefined

  constructor(process: Process, path: string) {
    const stream = open(process, path)
    this.#output = stream && new LineOutput(process, stream)
  }

  write(line: string): void {
    this.#output?.write(line)
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
