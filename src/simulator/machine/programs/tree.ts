import { FileError } from '../fileError.ts'
import { modeLetters, type Stat } from '../inode.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { joinPath } from '../path.ts'
import type { Process } from '../program.ts'
import { humanSize } from '../sizes.ts'
import { matchesGlob } from '../wildcard.ts'

/** Draws directories as a tree. */
export const tree = defineProgram({
  name: 'tree',
  summary: 'list contents of directories in a tree-like format',
  package: 'tree 2.1.0',
  usage: '[OPTION]... [DIRECTORY]...',
  options: [
    { short: 'a', help: 'all files are listed' },
    { short: 'd', help: 'list directories only' },
    { short: 'f', help: 'print the full path prefix for each file' },
    { short: 'i', help: "don't print indentation lines" },
    { short: 'L', value: 'LEVEL', help: 'descend only level directories deep' },
    { short: 'I', value: 'PATTERN', help: 'do not list files that match the given pattern' },
    { short: 'P', value: 'PATTERN', help: 'list only those files that match the pattern given' },
    { long: 'noreport', help: 'turn off file/directory count at end of tree listing' },
    { short: 'p', help: 'print the protections for each file' },
    { short: 's', help: 'print the size in bytes of each file' },
    { short: 'h', help: 'print the size in a more human readable way' },
    { short: 'F', help: "append '/' or '*' as per ls -F" },
    { long: 'dirsfirst', help: 'list directories before files' },
  ],
  notSimulated:
    '-l -x -q -N -Q -u -g -D -v -t -c -U -r -S -A -C -n -X -J -H -T -R -o --filelimit --prune --matchdirs --sort --inodes --device --charset',
  async run(process, args) {
    const drawing = new Drawing(process, args)
    for (const name of args.operands.length > 0 ? args.operands : ['.']) await drawing.draw(name)
    if (!args.has('noreport')) await process.write(drawing.report())
    return drawing.status
  },
})

class Drawing {
  status = 0
  #directories = 0
  #files = 0
  readonly #process: Process
  readonly #args: Arguments
  readonly #depth: number

  constructor(process: Process, args: Arguments) {
    this.#process = process
    this.#args = args
    this.#depth = Number(args.get('L') ?? Number.POSITIVE_INFINITY)
  }

  async draw(name: string): Promise<void> {
    const path = this.#process.path(name)
    if (!this.#process.files.isDirectory(path)) {
      await this.#process.write(`${name}  [error opening dir]\n`)
      this.status = 2
      return
    }
    await this.#process.write(`${name}\n`)
    this.#directories++
    await this.#children(name, path, '', 1)
  }

  report(): string {
    const directories = `${this.#directories} director${this.#directories === 1 ? 'y' : 'ies'}`
    return this.#args.has('d')
      ? `\n${directories}\n`
      : `\n${directories}, ${this.#files} file${this.#files === 1 ? '' : 's'}\n`
  }

  async #children(name: string, path: string, indent: string, depth: number): Promise<void> {
    if (depth > this.#depth) return
    const entries = this.#entries(path)
    for (const [index, entry] of entries.entries()) {
      const isLast = index === entries.length - 1
      const stat = this.#process.files.lstat(joinPath(path, entry))
      const isDirectory = stat.kind === 'directory'
      if (isDirectory) this.#directories++
      else this.#files++
      const branch = this.#args.has('i') ? '' : indent + (isLast ? '└── ' : '├── ')
      const shown = this.#args.has('f') ? joinPath(name, entry) : entry
      await this.#process.write(`${branch}${this.#facts(stat)}${shown}${this.#ending(stat, joinPath(path, entry))}\n`)
      if (isDirectory)
        await this.#children(
          joinPath(name, entry),
          joinPath(path, entry),
          indent + (isLast ? '    ' : '│\u00a0\u00a0 '),
          depth + 1,
        )
    }
  }

  #entries(path: string): string[] {
    const { files } = this.#process
    let names: string[]
    try {
      names = files.list(path)
    } catch (error) {
      if (error instanceof FileError) return []
      throw error
    }
    const isDirectory = (name: string) => files.lstat(joinPath(path, name)).kind === 'directory'
    const shown = names.filter(name => {
      if (name.startsWith('.') && !this.#args.has('a')) return false
      if (this.#args.has('d') && !isDirectory(name)) return false
      if (this.#args.all('I').some(pattern => pattern.split('|').some(each => matchesGlob(each, name)))) return false
      const wanted = this.#args.all('P')
      return wanted.length === 0 || isDirectory(name) || wanted.some(pattern => matchesGlob(pattern, name))
    })
    return this.#args.has('dirsfirst')
      ? [...shown.filter(isDirectory), ...shown.filter(name => !isDirectory(name))]
      : shown
  }

  #facts(stat: Stat): string {
    const parts: string[] = []
    if (this.#args.has('p')) parts.push(modeLetters(stat))
    if (this.#args.has('h')) parts.push(humanSize(stat.size).padStart(4))
    else if (this.#args.has('s')) parts.push(String(stat.size).padStart(11))
    return parts.length > 0 ? `[${parts.join(' ')}]  ` : ''
  }

  #ending(stat: Stat, path: string): string {
    if (stat.kind === 'link') return ` -> ${this.#process.files.readLink(path)}`
    if (!this.#args.has('F')) return ''
    if (stat.kind === 'directory') return '/'
    return stat.kind === 'file' && (stat.mode & 0o111) !== 0 ? '*' : ''
  }
}
