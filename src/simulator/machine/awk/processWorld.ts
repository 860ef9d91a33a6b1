import { Random } from '../../random.ts'
import { formatDate, zoneOf } from '../dateFormat.ts'
import { FileError } from '../fileError.ts'
import type { Process, Spawn, Writable } from '../program.ts'
import { Pipe } from '../streams.ts'
import type { AwkWorld } from './interpreter.ts'
import { RecordReader } from './recordReader.ts'

/** What a program of awk may touch of the process that runs it. */
export class ProcessWorld implements AwkWorld {
  readonly #process: Process
  readonly #operands: readonly string[]
  readonly #assign: (name: string, value: string) => void
  readonly #onFile: (name: string) => void
  #operand = 0
  #hasRead = false
  #input: RecordReader | undefined
  #failed = false
  #random: Random | undefined
  #seed = 0
  readonly #outputs = new Map<string, { writable: Writable; child: Process | undefined }>()
  readonly #inputs = new Map<string, RecordReader>()

  constructor(
    process: Process,
    operands: readonly string[],
    assign: (name: string, value: string) => void,
    onFile: (name: string) => void,
  ) {
    this.#process = process
    this.#operands = operands
    this.#assign = assign
    this.#onFile = onFile
  }

  /** True when a file could not be opened. */
  get failed(): boolean {
    return this.#failed
  }

  async readRecord(separator: string): Promise<string | undefined> {
    for (;;) {
      this.#input ??= await this.#nextInput()
      if (!this.#input) return undefined
      const record = await this.#input.read(separator)
      if (record !== undefined) return record
      this.#input.close()
      this.#input = undefined
    }
  }

  skipFile(): void {
    this.#input?.close()
    this.#input = undefined
  }

  async #nextInput(): Promise<RecordReader | undefined> {
    while (this.#operand < this.#operands.length) {
      const operand = this.#operands[this.#operand++]!
      const setting = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(operand)
      if (setting) this.#assign(setting[1]!, setting[2]!)
      else {
        this.#hasRead = true
        const reader = await this.#open(operand)
        if (reader) return reader
      }
    }
    if (this.#hasRead) return undefined
    this.#hasRead = true
    return new RecordReader(this.#process.stdin, false)
  }

  async #open(name: string): Promise<RecordReader | undefined> {
    this.#onFile(name)
    if (name === '-') return new RecordReader(this.#process.stdin, false)
    try {
      return new RecordReader(this.#process.openRead(name), true)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      this.#failed = true
      const words = this.#process.flavour === 'busybox' ? error.text : `cannot open ${name} (${error.text})`
      await this.#process.fail(this.#process.flavour === 'busybox' ? `${name}: ${words}` : words)
      return undefined
    }
  }

  async write(text: string, to?: { readonly mode: '>' | '>>' | '|'; readonly target: string }): Promise<void> {
    if (!to) return this.#process.write(text)
    if (to.target === '/dev/stdout' || to.target === '-') return this.#process.write(text)
    if (to.target === '/dev/stderr') return this.#process.stderr.write(text)
    let output = this.#outputs.get(to.target)
    if (!output) {
      output = to.mode === '|' ? this.#pipeTo(to.target) : this.#writeTo(to.target, to.mode === '>>')
      this.#outputs.set(to.target, output)
    }
    await output.writable.write(text)
  }

  #writeTo(path: string, append: boolean): { writable: Writable; child: undefined } {
    return { writable: this.#process.openWrite(path, { append }), child: undefined }
  }

  #pipeTo(command: string): { writable: Writable; child: Process } {
    const pipe = new Pipe(this.#process.kernel)
    const child = this.#shell(command, { stdin: pipe.reader })
    pipe.reader.close()
    return { writable: pipe.writer, child }
  }

  #shell(command: string, streams: Partial<Spawn>): Process {
    return this.#process.spawn({ argv: ['sh', '-c', command], ...streams })
  }

  async readFrom(kind: 'file' | 'command', source: string, separator: string): Promise<string | undefined | null> {
    let input = this.#inputs.get(source)
    if (!input) {
      if (kind === 'command') {
        const pipe = new Pipe(this.#process.kernel)
        this.#shell(source, { stdout: pipe.writer })
        pipe.writer.close()
        input = new RecordReader(pipe.reader, true)
      } else {
        try {
          input = new RecordReader(source === '-' ? this.#process.stdin : this.#process.openRead(source), true)
        } catch (error) {
          if (!(error instanceof FileError)) throw error
          return null
        }
      }
      this.#inputs.set(source, input)
    }
    return input.read(separator)
  }

  async system(command: string): Promise<number> {
    return this.#shell(command, {}).exited()
  }

  async close(target: string): Promise<number> {
    this.#inputs.get(target)?.close()
    const output = this.#outputs.get(target)
    const known = this.#inputs.delete(target) || output !== undefined
    this.#outputs.delete(target)
    output?.writable.close()
    if (output?.child) return output.child.exited()
    return known ? 0 : -1
  }

  /** Closes everything and waits for the commands that were written to. */
  async finish(): Promise<void> {
    for (const target of [...this.#outputs.keys()]) await this.close(target)
  }

  random(): number {
    this.#random ??= new Random(`awk ${this.#process.pid} ${this.#process.kernel.clock.now}`)
    return this.#random.fraction()
  }

  seed(seed: number): number {
    const before = this.#seed
    this.#seed = seed
    this.#random = new Random(Math.trunc(seed))
    return before
  }

  formatTime(format: string, seconds: number): string {
    return formatDate(format, seconds * 1000, zoneOf(this.#process.env.get('TZ')))
  }

  now(): number {
    return Math.floor(this.#process.machine.now() / 1000)
  }
}
