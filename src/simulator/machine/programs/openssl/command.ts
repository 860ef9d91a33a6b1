import { decodePem } from '../../certificate.ts'
import { FileError } from '../../fileError.ts'
import type { Process } from '../../program.ts'

/** A command of openssl: `openssl req …`. */
export type Command = (process: Process, words: readonly string[]) => Promise<number>

/** Ends a command with a message on stderr. */
export class OpensslError extends Error {
  readonly status: number
  constructor(message: string, status = 1) {
    super(message)
    this.status = status
  }
}

/** The options of a command line. */
export interface Options {
  has(name: string): boolean
  get(name: string): string | undefined
  all(name: string): readonly string[]
  readonly operands: readonly string[]
}

// Commands whose unknown options may be names of digests.
const digests = ['req', 'x509']

/** Reads options with one dash or two; `valued` names those that take a value, `missing` those that have no effect here. */
export function readOptions(
  command: string,
  words: readonly string[],
  flags: string,
  valued: string,
  missing = '',
): Options {
  const [plain, taking, absent] = [flags, valued, missing].map(text => text.split(' '))
  const found: (readonly [string, string])[] = []
  const operands: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const name = word.replace(/^--?/, '')
    if (!word.startsWith('-') || word === '-') operands.push(word)
    else if (absent!.includes(name)) throw new OpensslError(`${command}: -${name} is not simulated here`)
    else if (plain!.includes(name)) found.push([name, ''])
    else if (taking!.includes(name)) {
      if (i + 1 >= words.length)
        throw new OpensslError(`${command}: Option -${name} needs a value\n${command}: Use -help for summary.`)
      found.push([name, words[++i]!])
    } else
      throw new OpensslError(
        `${command}: Unknown option or ${digests.includes(command) ? 'message digest' : 'cipher'}: ${name}\n${command}: Use -help for summary.`,
      )
  }
  return {
    has: name => found.some(each => each[0] === name),
    get: name => found.findLast(each => each[0] === name)?.[1],
    all: name => found.filter(each => each[0] === name).map(each => each[1]),
    operands,
  }
}

/** The text of a file, or an error in OpenSSL's words. */
export function readFile(process: Process, path: string, what: string): string {
  try {
    return process.files.readText(process.path(path))
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    throw new OpensslError(
      [
        `Could not open file or uri for loading ${what} from ${path}`,
        queued(
          '16000069:STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file',
        ),
        queued(
          `80000002:system library:file_open:${error.text}:../providers/implementations/storemgmt/file_store.c:266:calling stat(${path})`,
        ),
        ...(what === 'private key' ? [] : [`Unable to load ${what}`]),
      ].join('\n'),
    )
  }
}

/** An error of the library as it is printed; what stands in front is the thread. */
export function queued(error: string): string {
  return `4057740F4D7F0000:error:${error}`
}

/** The key that a PEM file holds. */
export function readKey(process: Process, path: string): string {
  const [key] = decodePem('(?:RSA |EC )?PRIVATE KEY', readFile(process, path, 'private key'))
  if (!key) throw new OpensslError(`Could not read private key from ${path}`)
  return new TextDecoder().decode(key)
}

/** Writes to the file that an option names, or to stdout. */
export async function deliver(process: Process, path: string | undefined, text: string, mode?: number): Promise<void> {
  if (path === undefined || path === '-') return process.write(text)
  try {
    process.files.writeText(process.path(path), text, mode)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    throw new OpensslError(`Can't open "${path}" for writing, ${error.text}`)
  }
}

/** `/CN=web/O=team` as `CN=web, O=team`. */
export function subjectOf(text: string): string {
  if (!text.startsWith('/'))
    throw new OpensslError(
      `req: subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: '${text}'`,
    )
  return text
    .split(/(?<!\\)\//)
    .filter(Boolean)
    .map(part => part.replaceAll('\\', ''))
    .join(', ')
}

/** A name as OpenSSL 3.0 shows it: `CN = web, O = team`. */
export function shownName(name: string): string {
  return name.replace(/\s*=\s*/g, ' = ').replace(/,\s*/g, ', ')
}

/** `Mar  2 09:00:00 2026 GMT`. */
export function shownTime(time: number): string {
  const [, day = '', month = '', year = '', clock = ''] = new Date(time).toUTCString().split(/,? /)
  return `${month} ${String(Number(day)).padStart(2)} ${clock} ${year} GMT`
}

/** The names of a `subjectAltName` extension: `DNS:web.example,IP:10.0.0.1`. */
export function alternativeNames(text: string): string[] {
  return text
    .split(',')
    .map(each => each.trim())
    .filter(each => /^(?:DNS|IP):/i.test(each))
    .map(each => each.replace(/^\w+:/, ''))
}

/** The dots that a new key costs. */
export function tellProgress(process: Process): Promise<void> {
  const { random } = process.kernel
  const dots = () => Array.from({ length: 20 + random.below(60) }, () => (random.below(4) === 0 ? '+' : '.')).join('')
  const found = '+'.repeat(65)
  return process.stderr.write(`${dots()}${found}*${dots()}${found}*${dots()}${found}\n`)
}
