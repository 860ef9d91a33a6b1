import { formatDate, zoneOf } from '../dateFormat.ts'
import { FileError } from '../fileError.ts'
import { helpText } from '../helpText.ts'
import { fileTypes, modeLetters, type Stat } from '../inode.ts'
import { joinPath, lastName } from '../path.ts'
import type { Process, Program } from '../program.ts'
import { isConfirmed } from '../question.ts'
import { quoted } from '../quoting.ts'
import { type Candidate, type Expression, parseExpression, type Walk } from './find/expression.ts'

/** Searches for files in directories. */
export const find: Program = {
  name: 'find',
  summary: 'search for files in a directory hierarchy',
  usage: '[-H] [-L] [-P] [path...] [expression]',
  async run(process) {
    const words = process.argv.slice(1)
    if (words[0] === '--help' || words[0] === '-help') {
      await process.write(helpText(find))
      return 0
    }
    let follows = false
    while (/^-[HLP]$/.test(words[0] ?? '')) follows = words.shift() === '-L'
    const first = words.findIndex(word => (word.startsWith('-') && word !== '-') || word === '(' || word === '!')
    const paths = first < 0 ? words : words.slice(0, first)
    const search = new Search(process, follows)
    const expression = parseExpression(process, first < 0 ? [] : words.slice(first), search)
    await search.search(paths.length > 0 ? paths : ['.'], expression)
    return search.status
  },
}

class Search implements Walk {
  status = 0
  readonly #process: Process
  readonly #follows: boolean
  #isPruned = false
  #isOver = false
  readonly #collected: { readonly argv: readonly string[]; readonly names: string[] }[] = []
  #output = ''

  constructor(process: Process, follows: boolean) {
    this.#process = process
    this.#follows = follows
  }

  async search(paths: readonly string[], expression: Expression): Promise<void> {
    for (const name of paths) {
      try {
        await this.#visit(name, expression, 0)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        await this.fail(`${this.#shown(name)}: ${error.text}`)
      }
      if (this.#isOver) break
    }
    await this.#flush()
    for (const { argv, names } of this.#collected) {
      if (names.length > 0 && !(await this.run([...argv, ...names]))) this.status = 1
    }
  }

  async #visit(name: string, expression: Expression, depth: number): Promise<void> {
    const { files } = this.#process
    const path = this.#process.path(name)
    const own = files.lstat(path)
    const stat = this.#follows && own.kind === 'link' ? (files.find(path) ?? own) : own
    const trimmed = name.replace(/(.)\/+$/, '$1')
    const candidate: Candidate = { name, base: trimmed === '/' ? '/' : lastName(trimmed), path, stat, depth }
    this.#isPruned = false
    const isShown = depth >= expression.minDepth
    if (isShown && !expression.isDepthFirst) await expression.test(candidate)
    if (stat.kind === 'directory' && !this.#isPruned && !this.#isOver && depth < expression.maxDepth) {
      await this.#enter(trimmed, path, expression, depth)
    }
    if (isShown && expression.isDepthFirst && !this.#isOver) await expression.test(candidate)
  }

  async #enter(name: string, path: string, expression: Expression, depth: number): Promise<void> {
    let entries: string[]
    try {
      entries = this.#process.files.list(path)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      return this.fail(`${this.#shown(name)}: ${error.text}`)
    }
    for (const entry of entries) {
      try {
        await this.#visit(joinPath(name, entry), expression, depth + 1)
      } catch (error) {
        // Files may vanish meanwhile: processes end while /proc is searched.
        if (!(error instanceof FileError)) throw error
        await this.fail(`${this.#shown(joinPath(name, entry))}: ${error.text}`)
      }
      if (this.#isOver) return
    }
  }

  #shown(name: string): string {
    return this.#process.flavour === 'busybox' ? name : quoted(this.#process, name)
  }

  prune(): void {
    this.#isPruned = true
  }

  quit(): void {
    this.#isOver = true
  }

  write = async (text: string): Promise<void> => {
    this.#output += text
    if (this.#output.length > 4096) await this.#flush()
  }

  async #flush(): Promise<void> {
    if (this.#output === '') return
    const text = this.#output
    this.#output = ''
    await this.#process.write(text)
  }

  async remove({ name, path, stat }: Candidate): Promise<boolean> {
    if (name === '.') return true
    try {
      if (stat.kind === 'directory') this.#process.files.removeDirectory(path)
      else this.#process.files.remove(path)
      return true
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      await this.fail(`cannot delete ${quoted(this.#process, name)}: ${error.text}`)
      return false
    }
  }

  async run(argv: readonly string[], { asks }: { readonly asks: boolean } = { asks: false }): Promise<boolean> {
    await this.#flush()
    if (asks && !(await isConfirmed(this.#process, `< ${argv[0]} ... ${argv.at(-1)} > ? `))) return false
    const status = await this.#process.call(argv)
    if (status === 127) await this.#process.fail(`${quoted(this.#process, argv[0]!)}: No such file or directory`)
    return status === 0
  }

  collect(argv: readonly string[]): (name: string) => void {
    const group = { argv, names: [] as string[] }
    this.#collected.push(group)
    return name => void group.names.push(name)
  }

  async list({ name, path, stat }: Candidate): Promise<void> {
    const { users } = this.#process.machine
    const blocks = stat.kind === 'directory' ? 4 : stat.kind === 'file' ? Math.ceil(stat.size / 4096) * 4 : 0
    const target = stat.kind === 'link' ? ` -> ${this.#process.files.readLink(path)}` : ''
    const time = formatDate('%b %e %H:%M', stat.modified, zoneOf(this.#process.env.get('TZ')))
    const owner = users.userName(stat.uid).padEnd(8)
    const group = users.groupName(stat.gid).padEnd(8)
    const front = `${String(stat.number).padStart(9)} ${String(blocks).padStart(6)} ${modeLetters(stat)} ${String(stat.links).padStart(3)}`
    await this.write(`${front} ${owner} ${group} ${String(stat.size).padStart(8)} ${time} ${name}${target}\n`)
  }

  async printf(format: string, candidate: Candidate): Promise<void> {
    await this.write(filled(this.#process, format, candidate))
  }

  async fail(message: string): Promise<void> {
    await this.#flush()
    this.status = await this.#process.fail(message)
  }
}

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', '0': '\0', '\\': '\\', a: '\x07', r: '\r' }

/** The directives of `-printf` that people use. */
function filled(process: Process, format: string, { name, base, path, stat, depth }: Candidate): string {
  const { users } = process.machine
  const zone = zoneOf(process.env.get('TZ'))
  const field = (letter: string): string | undefined => {
    switch (letter[0]) {
      case 'p':
        return name
      case 'f':
        return base
      case 'h':
        return name.includes('/') ? name.slice(0, name.lastIndexOf('/')) || '/' : '.'
      case 'P':
        return depth === 0 ? '' : name.split('/').slice(-depth).join('/')
      case 's':
        return String(stat.size)
      case 'm':
        return stat.mode.toString(8)
      case 'M':
        return modeLetters(stat)
      case 'u':
        return users.userName(stat.uid)
      case 'g':
        return users.groupName(stat.gid)
      case 'U':
        return String(stat.uid)
      case 'G':
        return String(stat.gid)
      case 'd':
        return String(depth)
      case 'i':
        return String(stat.number)
      case 'n':
        return String(stat.links)
      case 'y':
        return typeLetter(stat)
      case 'l':
        return stat.kind === 'link' ? process.files.readLink(path) : ''
      case 'T':
      case 'A':
      case 'C':
        return letter[1] === '@'
          ? `${formatDate('%s', stat.modified)}.0000000000`
          : formatDate(letter[1] === '+' ? '%Y-%m-%d+%H:%M:%S' : `%${letter[1]}`, stat.modified, zone)
      case 't':
        return formatDate('%a %b %e %H:%M:%S.0000000000 %Y', stat.modified, zone)
      case '%':
        return '%'
    }
    return undefined
  }
  return format.replace(
    /\\([nt0\\ar])|%([-0]?)(\d*)([TAC].|[a-zA-Z%])/g,
    (all, control: string | undefined, left, width, letter) => {
      if (control !== undefined) return controls[control]!
      const text = field(letter)
      if (text === undefined) return all
      return left === '-' ? text.padEnd(Number(width)) : text.padStart(Number(width), left === '0' ? '0' : ' ')
    },
  )
}

function typeLetter({ kind }: Stat): string {
  return kind === 'file' ? 'f' : fileTypes[kind]
}
