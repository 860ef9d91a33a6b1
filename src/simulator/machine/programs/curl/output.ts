import { ByteDecoder } from '../../bytes.ts'
import { FileError } from '../../fileError.ts'
import type { HttpResponseHead } from '../../http.ts'
import type { Process, Writable } from '../../program.ts'
import { CurlError } from './curlError.ts'
import type { Sink } from './exchange.ts'
import type { Measures } from './measures.ts'
import type { CurlArguments } from './options.ts'
import type { CurlUrl } from './url.ts'

/** Where the answer goes: stdout, or the file that `-o` or `-O` names. */
export class Output implements Sink {
  readonly #process: Process
  readonly #options: CurlArguments
  readonly #target: CurlArguments['outputs'][number] | undefined
  readonly #measures: Measures
  readonly #decoder = new ByteDecoder()
  #writer: Writable | undefined
  #file: string | undefined

  constructor(process: Process, options: CurlArguments, order: number, measures: Measures) {
    this.#process = process
    this.#options = options
    this.#target = options.outputs[order]
    this.#measures = measures
  }

  get isTerminal(): boolean {
    const isStdout = this.#target === undefined || (this.#target !== 'remote name' && this.#target.name === '-')
    return isStdout && this.#process.stdout.terminal !== undefined
  }

  open(url: CurlUrl): void {
    if (this.#target === undefined) return
    if (this.#target !== 'remote name') this.#file = this.#target.name === '-' ? undefined : this.#target.name
    else {
      this.#file = url.target.replace(/\?.*$/, '').replace(/^.*\//, '')
      if (this.#file === '') throw new CurlError(23, 'Failed writing received data to disk/application')
    }
    if (this.#file === undefined) return
    const directory = this.#options.get('output-dir')
    if (directory !== undefined) this.#file = `${directory}/${this.#file}`
    this.#measures.fileName = this.#file
  }

  async head(text: string, _response: HttpResponseHead): Promise<void> {
    const dump = this.#options.get('dump-header')
    if (dump === '-') await this.#put(text)
    else if (dump !== undefined) this.#process.files.append(this.#process.path(dump), text)
    if (this.#options.has('include') || this.#options.has('head')) await this.#put(text)
  }

  async body(bytes: Uint8Array): Promise<void> {
    if (this.isTerminal && this.#target === undefined && bytes.includes(0)) {
      await this.#process.stderr.write(binaryWarning)
      throw new CurlError(23, 'Failure writing output to destination')
    }
    await this.#put(this.#decoder.push(bytes))
  }

  /** An answer without a body still makes its file. */
  async end(): Promise<void> {
    const rest = this.#decoder.end()
    if (rest !== '' || (this.#file !== undefined && this.#measures.status > 0)) await this.#put(rest)
  }

  close(): void {
    this.#writer?.close()
  }

  async #put(text: string): Promise<void> {
    if (this.#file === undefined) {
      if (text !== '') await this.#process.write(text)
      return
    }
    try {
      this.#writer ??= this.#open(this.#file)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      await this.#process.stderr.write(`Warning: Failed to open the file ${this.#file}: ${error.text}\n`)
      throw new CurlError(23, 'Failure writing output to destination')
    }
    if (text !== '') await this.#writer.write(text)
  }

  #open(file: string): Writable {
    if (this.#options.has('create-dirs') && file.includes('/'))
      this.#process.files.mkdir(this.#process.path(file.replace(/\/[^/]*$/, '') || '/'), { parents: true })
    return this.#process.openWrite(file)
  }
}

const binaryWarning =
  'Warning: Binary output can mess up your terminal. Use "--output -" to tell \n' +
  'Warning: curl to output it to your terminal anyway, or consider "--output \n' +
  'Warning: <FILE>" to save to a file.\n'
