import { FileError } from '../fileError.ts'
import { parseMode } from '../fileMode.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { quoted, quotedName } from '../quoting.ts'

/** Makes directories. */
export const mkdir = defineProgram({
  name: 'mkdir',
  summary: 'make directories',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... DIRECTORY...',
  options: [
    { short: 'm', long: 'mode', value: 'MODE', help: 'set file mode (as in chmod), not a=rwx - umask' },
    { short: 'p', long: 'parents', help: 'no error if existing, make parent directories as needed' },
    { short: 'v', long: 'verbose', help: 'print a message for each created directory' },
  ],
  notSimulated: '-Z --context',
  busybox: { usage: '[-m MODE] [-p] DIRECTORY...', options: 'mpv mode parents verbose' },
  async run(process, args) {
    args.demandOperands(1)
    const text = args.get('mode')
    const mode = text === undefined ? 0o777 & ~process.umask : parseMode(text, 0o777, true, process.umask)
    if (mode === undefined) return process.fail(`invalid mode ${quoted(process, text!)}`)
    let status = 0
    for (const name of args.operands) {
      try {
        for (const made of create(process, name, mode, args.has('parents'))) {
          if (args.has('verbose')) await process.write(report(process, made))
        }
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        const { directory, cause } = error instanceof CreationError ? error : { directory: name, cause: error }
        const isBusybox = process.flavour === 'busybox'
        const words = isBusybox
          ? `can't create directory '${directory}'`
          : `cannot create directory ${quoted(process, directory)}`
        status = await process.fail(`${words}: ${cause.text}`)
      }
    }
    return status
  },
})

const notDirectory = new FileError('ENOTDIR', '')

class CreationError extends FileError {
  readonly directory: string
  override readonly cause: FileError
  constructor(directory: string, cause: FileError) {
    super(cause.code, directory)
    this.directory = directory
    this.cause = cause
  }
}

/** Makes a directory and gives the names of all that were made. */
function create(process: Process, name: string, mode: number, parents: boolean): string[] {
  const { files } = process
  const made: string[] = []
  const one = (directory: string, bits: number) => {
    try {
      files.mkdir(process.path(directory), { mode: bits })
      made.push(directory)
    } catch (error) {
      throw error instanceof FileError ? new CreationError(directory, error) : error
    }
  }
  if (parents) {
    const parts = name.split('/')
    for (let count = 1; count <= parts.length; count++) {
      const directory = parts.slice(0, count).join('/')
      if (directory === '' || directory.endsWith('/') || files.isDirectory(process.path(directory))) continue
      if (count < parts.length && files.exists(process.path(directory)))
        throw new CreationError(directory, notDirectory)
      one(directory, count === parts.length ? mode : 0o777 & ~process.umask)
    }
  } else one(name, mode)
  return made
}

function report(process: Process, directory: string): string {
  return process.flavour === 'busybox'
    ? `created directory: '${directory}'\n`
    : `mkdir: created directory ${quotedName(directory)}\n`
}
