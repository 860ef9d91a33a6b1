import { bytesOf, textOf } from '../bytes.ts'
import { isThere } from '../copy.ts'
import { formatDate, zoneOf } from '../dateFormat.ts'
import { FileError } from '../fileError.ts'
import { modeLetters, type Stat } from '../inode.ts'
import { openFile } from '../inputs.ts'
import { type Arguments, defineProgram, type OptionName } from '../options.ts'
import { joinPath, parentPath, resolvePath } from '../path.ts'
import { Exit, type Process, UsageError } from '../program.ts'
import { readTar, type TarEntry, TarError, writeTar } from '../tarArchive.ts'
import { matchesGlob } from '../wildcard.ts'

const options = [
  { short: 'c', long: 'create', help: 'create a new archive' },
  { short: 'x', long: 'extract', help: 'extract files from an archive' },
  { long: 'get', help: 'same as --extract' },
  { short: 't', long: 'list', help: 'list the contents of an archive' },
  { short: 'f', long: 'file', value: 'ARCHIVE', help: 'use archive file or device ARCHIVE' },
  { short: 'C', long: 'directory', value: 'DIR', help: 'change to directory DIR' },
  { short: 'v', long: 'verbose', help: 'verbosely list files processed' },
  { short: 'm', long: 'touch', help: "don't extract file modified time" },
  { short: 'p', long: 'preserve-permissions', help: 'extract information about file permissions' },
  { short: 'k', long: 'keep-old-files', help: "don't replace existing files when extracting" },
  { short: 'O', long: 'to-stdout', help: 'extract files to standard output' },
  { short: 'P', long: 'absolute-names', help: "don't strip leading '/'s from file names" },
  { short: 'h', long: 'dereference', help: 'follow symlinks; archive and dump the files they point to' },
  { long: 'strip-components', value: 'NUMBER', help: 'strip NUMBER leading components from file names on extraction' },
  { long: 'exclude', value: 'PATTERN', help: 'exclude files, given as a PATTERN' },
  { long: 'no-same-owner', help: 'extract files as yourself' },
  { long: 'no-same-permissions', help: "apply the user's umask when extracting permissions" },
  { long: 'warning', value: 'KEYWORD', help: 'warning control' },
] as const

const hint = "Try 'tar --help' or 'tar --usage' for more information."

type TarArguments = Arguments<OptionName<typeof options>>

/** Puts files into an archive and takes them out. */
export const tar = defineProgram({
  name: 'tar',
  summary: 'an archiving utility',
  package: 'GNU tar 1.34',
  usage: '[OPTION...] [FILE]...',
  options,
  notSimulated:
    '-z --gzip -j --bzip2 -J --xz -Z --compress --zstd -r --append -u --update -A -d --diff --delete -T --files-from -X --exclude-from -w -W -l -S --sparse -g --listed-incremental -M -L --owner --group --mode --mtime --transform -a --auto-compress -i -K --numeric-owner',
  usageStatus: 64,
  usageHint: hint,
  // `tar xf FILE`: the first word may be options without a dash.
  prepare: words => oldStyle(words),
  busybox: {
    usage: 'c|x|t [-hvokO] [-f TARFILE] [-C DIR] [-T FILE] [-X FILE] [LONGOPT]... [FILE]...',
    options:
      'cxtfCvmpkOPh create extract list file directory verbose strip-components exclude no-same-owner to-stdout absolute-names',
  },
  async run(process, args) {
    const operation = args.last('create', 'extract', 'get', 'list')
    if (operation === undefined) {
      throw refusal(process, args, "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options")
    }
    const kinds = new Set(
      args.given.map(({ name }) => name).filter(name => ['create', 'extract', 'get', 'list'].includes(name)),
    )
    if (kinds.size > 1)
      throw refusal(process, args, "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option")
    if (operation === 'create') return new Creation(process, args).run()
    return new Extraction(process, args, operation === 'list').run()
  },
})

/** What GNU tar refuses to do, with its own exit status. */
function refusal(process: Process, args: TarArguments, message: string): UsageError {
  return process.flavour === 'busybox' ? args.misuse(message) : new UsageError(`${message}\n${hint}`, 2)
}

/** Options that take a value take it from the words behind, in their order. */
function oldStyle(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words
  if (first === undefined || first.startsWith('-') || !/^[a-zA-Z]+$/.test(first)) return words
  const result: string[] = []
  for (const letter of first) {
    result.push(`-${letter}`)
    if (letter !== 'f' && letter !== 'C') continue
    const value = rest.shift()
    if (value === undefined) throw new UsageError(`Old option '${letter}' requires an argument.\n${hint}`, 64)
    result.push(value)
  }
  return [...result, ...rest]
}

function archiveName(args: TarArguments): string {
  return args.get('file') ?? '-'
}

function baseDirectory(process: Process, args: TarArguments): string {
  let directory = process.cwd
  for (const name of args.all('directory')) {
    const next = resolvePath(directory, name)
    if (!process.files.isDirectory(next)) {
      const isBusybox = process.flavour === 'busybox'
      throw new UsageError(
        isBusybox
          ? `can't change directory to '${name}': No such file or directory`
          : `${name}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now`,
        2,
      )
    }
    directory = next
  }
  return directory
}

class Creation {
  readonly #process: Process
  readonly #args: TarArguments
  readonly #entries: TarEntry[] = []
  #status = 0
  #hasWarned = false

  constructor(process: Process, args: TarArguments) {
    this.#process = process
    this.#args = args
  }

  async run(): Promise<number> {
    const { operands } = this.#args
    if (operands.length === 0) {
      throw refusal(this.#process, this.#args, 'Cowardly refusing to create an empty archive')
    }
    const base = baseDirectory(this.#process, this.#args)
    for (const name of operands) await this.#add(name, resolvePath(base, name))
    const archive = archiveName(this.#args)
    const text = textOf(writeTar(this.#entries))
    if (archive === '-') await this.#process.write(text)
    else {
      try {
        const output = this.#process.openWrite(archive)
        await output.write(text)
        output.close()
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        return this.#process.fail(
          `${archive}: Cannot open: ${error.text}\ntar: Error is not recoverable: exiting now`,
          2,
        )
      }
    }
    if (this.#status !== 0 && this.#process.flavour === 'gnu')
      await this.#process.fail('Exiting with failure status due to previous errors')
    return this.#status
  }

  async #add(name: string, path: string): Promise<void> {
    const { files } = this.#process
    const base = name.replace(/\/+$/, '').split('/').at(-1)!
    if (this.#args.all('exclude').some(pattern => matchesGlob(pattern, name) || matchesGlob(pattern, base))) return
    let stat: Stat
    try {
      stat = this.#args.has('dereference') ? files.stat(path) : files.lstat(path)
      if (stat.kind === 'character' || stat.kind === 'fifo' || stat.kind === 'socket') return
      const stored = await this.#memberName(name, stat)
      const contents = stat.kind === 'file' ? bytesOf(files.readText(path)) : new Uint8Array(0)
      this.#entries.push(this.#entry(stored, stat, contents, path))
      // The list goes to stderr when the archive itself goes to stdout.
      if (this.#args.has('verbose')) {
        const isStdout = archiveName(this.#args) === '-'
        const output = isStdout ? this.#process.stderr : this.#process.stdout
        await output.write(`${stored}\n`)
      }
      if (stat.kind === 'directory') {
        for (const entry of files.list(path))
          await this.#add(joinPath(name.replace(/(.)\/+$/, '$1'), entry), joinPath(path, entry))
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      this.#status = 2
      const isBusybox = this.#process.flavour === 'busybox'
      const action = error.code === 'EACCES' ? 'Cannot open' : 'Cannot stat'
      await this.#process.fail(isBusybox ? `${name}: ${error.text}` : `${name}: ${action}: ${error.text}`)
    }
  }

  async #memberName(name: string, stat: Stat): Promise<string> {
    const ended = stat.kind === 'directory' && !name.endsWith('/') ? `${name}/` : name
    if (this.#args.has('absolute-names') || !ended.startsWith('/')) return ended
    if (!this.#hasWarned) {
      this.#hasWarned = true
      const isBusybox = this.#process.flavour === 'busybox'
      await this.#process.fail(
        `${isBusybox ? 'removing' : 'Removing'} leading ${isBusybox ? "'/'" : "`/'"} from member names`,
      )
    }
    return ended.replace(/^\/+/, '') || './'
  }

  #entry(name: string, stat: Stat, contents: Uint8Array, path: string): TarEntry {
    const { users } = this.#process.machine
    return {
      name,
      kind: stat.kind === 'directory' ? 'directory' : stat.kind === 'link' ? 'link' : 'file',
      mode: stat.mode,
      uid: stat.uid,
      gid: stat.gid,
      userName: users.userName(stat.uid),
      groupName: users.groupName(stat.gid),
      modified: Math.floor(stat.modified / 1000),
      contents,
      target: stat.kind === 'link' ? this.#process.files.readLink(path) : '',
    }
  }
}

class Extraction {
  readonly #process: Process
  readonly #args: TarArguments
  readonly #onlyLists: boolean
  #status = 0

  constructor(process: Process, args: TarArguments, onlyLists: boolean) {
    this.#process = process
    this.#args = args
    this.#onlyLists = onlyLists
  }

  async run(): Promise<number> {
    const entries = await this.#read()
    const base = baseDirectory(this.#process, this.#args)
    const wanted = new Set(this.#args.operands)
    const found = new Set<string>()
    for (const entry of entries) {
      const match = this.#args.operands.find(name => isInside(entry.name, name))
      if (wanted.size > 0 && match === undefined) continue
      if (match !== undefined) found.add(match)
      if (this.#args.all('exclude').some(pattern => matchesGlob(pattern, entry.name.replace(/\/$/, '')))) continue
      if (this.#onlyLists) await this.#process.write(this.#line(entry))
      else await this.#extract(entry, base)
    }
    for (const name of this.#args.operands) {
      if (!found.has(name))
        await this.#fail(
          this.#process.flavour === 'busybox' ? `${name}: not found in archive` : `${name}: Not found in archive`,
        )
    }
    if (this.#status !== 0 && this.#process.flavour === 'gnu')
      await this.#process.fail('Exiting with failure status due to previous errors')
    return this.#status
  }

  async #read(): Promise<TarEntry[]> {
    const name = archiveName(this.#args)
    const isBusybox = this.#process.flavour === 'busybox'
    let text: string
    try {
      if (name === '-') text = await this.#process.readAll()
      else {
        const stream = openFile(this.#process, name)
        text = ''
        for (let piece = await stream.read(); piece !== undefined; piece = await stream.read()) text += piece
        stream.close()
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      throw new Exit(
        await this.#process.fail(
          isBusybox
            ? `can't open '${name}': ${error.text}`
            : `${name}: Cannot open: ${error.text}\ntar: Error is not recoverable: exiting now`,
          isBusybox ? 1 : 2,
        ),
      )
    }
    try {
      if (text === '' && isBusybox) throw new TarError('short read')
      const bytes = bytesOf(text)
      if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new UsageError('compressed archives are not simulated here')
      if (bytes.length < 512) throw new TarError('This does not look like a tar archive')
      return readTar(bytes)
    } catch (error) {
      if (!(error instanceof TarError)) throw error
      if (isBusybox)
        throw new Exit(await this.#process.fail(error.message === 'short read' ? error.message : 'invalid tar magic'))
      const end = error.message.startsWith('Unexpected')
        ? 'Error is not recoverable: exiting now'
        : 'Exiting with failure status due to previous errors'
      throw new Exit(await this.#process.fail(`${error.message}\ntar: ${end}`, 2))
    }
  }

  async #extract(entry: TarEntry, base: string): Promise<void> {
    const name = this.#strippedName(entry.name)
    if (name === undefined) return
    if (this.#args.has('verbose')) await this.#process.write(`${name}\n`)
    if (this.#args.has('to-stdout')) {
      if (entry.kind === 'file') await this.#process.write(textOf(entry.contents))
      return
    }
    try {
      this.#make(entry, resolvePath(base, name), base)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const isBusybox = this.#process.flavour === 'busybox'
      await this.#fail(isBusybox ? `can't open '${name}': ${error.text}` : `${name}: Cannot open: ${error.text}`)
    }
  }

  #strippedName(name: string): string | undefined {
    const count = Number(this.#args.get('strip-components') ?? 0)
    const relative = this.#args.has('absolute-names') ? name : name.replace(/^\/+/, '')
    if (count === 0) return relative
    const rest = relative.split('/').slice(count).join('/')
    return rest === '' ? undefined : rest
  }

  #make(entry: TarEntry, path: string, base: string): void {
    const { files, user, umask } = this.#process
    files.mkdir(parentPath(path), { parents: true })
    const keepsOwner = user.uid === 0 && !this.#args.has('no-same-owner')
    const keepsMode =
      (user.uid === 0 && !this.#args.has('no-same-permissions')) || this.#args.has('preserve-permissions')
    const mode = keepsMode ? entry.mode : entry.mode & ~umask
    if (isThere(this.#process, path) && entry.kind !== 'directory') {
      if (this.#args.has('keep-old-files')) throw new FileError('EEXIST', path)
      files.remove(path)
    }
    if (entry.kind === 'directory') files.mkdir(path, { parents: true })
    else if (entry.kind === 'link') files.symlink(entry.target, path)
    else if (entry.kind === 'hardLink') files.link(resolvePath(base, entry.target), path)
    else files.writeText(path, textOf(entry.contents), mode)
    if (entry.kind === 'link') return
    if (keepsOwner) files.chown(path, entry.uid, entry.gid)
    files.chmod(path, mode)
    if (!this.#args.has('touch')) files.touch(path, entry.modified * 1000)
  }

  #line(entry: TarEntry): string {
    if (!this.#args.has('verbose')) return `${entry.name}\n`
    const kind = entry.kind === 'directory' ? 'directory' : entry.kind === 'link' ? 'link' : 'file'
    const letters = modeLetters({ kind, mode: entry.mode })
    const time = formatDate(
      this.#process.flavour === 'busybox' ? '%Y-%m-%d %H:%M:%S' : '%Y-%m-%d %H:%M',
      entry.modified * 1000,
      zoneOf(this.#process.env.get('TZ')),
    )
    const owner = `${entry.userName || entry.uid}/${entry.groupName || entry.gid}`
    const size = String(entry.contents.length)
    const target = entry.kind === 'link' ? ` -> ${entry.target}` : ''
    const room =
      this.#process.flavour === 'busybox' ? ` ${size.padStart(9)}` : ` ${size.padStart(Math.max(0, 18 - owner.length))}`
    return `${letters} ${owner}${room} ${time} ${entry.name}${target}\n`
  }

  async #fail(message: string): Promise<void> {
    await this.#process.fail(message)
    this.#status = this.#process.flavour === 'busybox' ? 1 : 2
  }
}

function isInside(name: string, wanted: string): boolean {
  const trimmed = wanted.replace(/\/+$/, '')
  return name.replace(/\/$/, '') === trimmed || name.startsWith(`${trimmed}/`)
}
