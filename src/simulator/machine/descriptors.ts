import { FileError } from './fileError.ts'
import type { Process, Readable, Writable } from './program.ts'
import { BrokenPipe, type Descriptor, type Input, type Output, readThrough, writeThrough } from './streams.ts'
import type { Terminal } from './terminal.ts'

/** A descriptor that can be read from. */
export function isInput(descriptor: Descriptor | undefined): descriptor is Input {
  return descriptor !== undefined && 'take' in descriptor
}

/** A descriptor that can be written to. */
export function isOutput(descriptor: Descriptor | undefined): descriptor is Output {
  return descriptor !== undefined && 'put' in descriptor
}

/** A process' way to read from whatever a descriptor number stands for at the moment. */
export class DescriptorReader implements Readable {
  readonly #process: Process
  readonly #number: number

  constructor(process: Process, number: number) {
    this.#process = process
    this.#number = number
  }

  get descriptor(): Descriptor | undefined {
    return this.#process.descriptors.get(this.#number)
  }

  get terminal(): Terminal | undefined {
    return this.descriptor?.terminal
  }

  read(): Promise<string | undefined> {
    return readAs(this.#process, this.#input())
  }

  unread(text: string): void {
    this.#input().unread(text)
  }

  close(): void {
    closeDescriptor(this.#process, this.#number)
  }

  #input(): Input {
    const input = this.descriptor
    if (!isInput(input)) throw new FileError('EBADF', '-')
    return input
  }
}

/** A process' way to write to whatever a descriptor number stands for at the moment. */
export class DescriptorWriter implements Writable {
  readonly #process: Process
  readonly #number: number

  constructor(process: Process, number: number) {
    this.#process = process
    this.#number = number
  }

  get descriptor(): Descriptor | undefined {
    return this.#process.descriptors.get(this.#number)
  }

  get terminal(): Terminal | undefined {
    return this.descriptor?.terminal
  }

  write(text: string): Promise<void> {
    const output = this.descriptor
    if (!isOutput(output)) throw new FileError('EBADF', 'write error')
    return writeAs(this.#process, output, text)
  }

  close(): void {
    closeDescriptor(this.#process, this.#number)
  }
}

/** A file that a process has opened to read. */
export class OpenReader implements Readable {
  readonly descriptor: Input
  readonly #process: Process

  constructor(process: Process, descriptor: Input) {
    this.#process = process
    this.descriptor = descriptor
  }

  get terminal(): Terminal | undefined {
    return this.descriptor.terminal
  }

  read(): Promise<string | undefined> {
    return readAs(this.#process, this.descriptor)
  }

  unread(text: string): void {
    this.descriptor.unread(text)
  }

  close(): void {
    this.descriptor.release()
  }
}

/** A file that a process has opened to write. */
export class OpenWriter implements Writable {
  readonly descriptor: Output
  readonly #process: Process

  constructor(process: Process, descriptor: Output) {
    this.#process = process
    this.descriptor = descriptor
  }

  get terminal(): Terminal | undefined {
    return this.descriptor.terminal
  }

  write(text: string): Promise<void> {
    return writeAs(this.#process, this.descriptor, text)
  }

  close(): void {
    this.descriptor.release()
  }
}

/** Takes a number out of the table and lets go of what it stood for. */
export function closeDescriptor(process: Process, number: number): void {
  process.descriptors.get(number)?.release()
  process.descriptors.delete(number)
}

/** Makes a number stand for something else, which is held once more. */
export function setDescriptor(process: Process, number: number, descriptor: Descriptor): void {
  descriptor.retain()
  closeDescriptor(process, number)
  process.descriptors.set(number, descriptor)
}

/** Reads for a process, which may need more memory for it than there is. */
async function readAs(process: Process, input: Input): Promise<string | undefined> {
  const piece = await readThrough(process, input, process)
  if (piece !== undefined && !process.hold(piece.length)) await process.wait<never>(() => {})
  return piece
}

/** Writes for a process; when nobody reads, it gets SIGPIPE. */
async function writeAs(process: Process, output: Output, text: string): Promise<void> {
  try {
    await writeThrough(process, output, text, process)
    process.hold(-text.length)
  } catch (error) {
    if (!(error instanceof BrokenPipe)) throw error
    process.kill('SIGPIPE')
    await process.wait<void>(wake => wake())
    throw new FileError('EPIPE', 'write error')
  }
}
