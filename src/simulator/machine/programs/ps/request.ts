import type { ProcessRow } from '../../processTable.ts'
import { type Process, UsageError } from '../../program.ts'
import { type Column, columns } from './columns.ts'

/** A column with the title that it gets. */
export interface TitledColumn extends Column {
  readonly key: string
}

/** What a `ps` command line asks for. */
export interface PsRequest {
  readonly columns: readonly TitledColumn[]
  readonly isForest: boolean
  readonly hasHeader: boolean
  readonly isWide: boolean
  readonly sort: readonly { readonly key: string; readonly isDescending: boolean }[]
  isSelected(row: ProcessRow): boolean
}

const formats = {
  usual: 'pid tname time cmd',
  full: 'euser pid ppid c stime tname time cmd',
  extraFull: 'euser pid ppid c sz rss psr stime tname time cmd',
  long: 'f s uid pid ppid c opri ni addr sz wchan tname time ucmd',
  fullLong: 'f s euser pid ppid c opri ni addr sz wchan stime tname time cmd',
  jobs: 'pid pgid sid tname time cmd',
  user: 'user pid pcpu pmem vsz rss tname stat start_time bsdtime command',
  bsd: 'pid tname stat bsdtime command',
  bsdLong: 'f uid pid ppid pri ni vsz rss wchan stat tname bsdtime command',
  bsdJobs: 'ppid pid pgid sid tname stat uid bsdtime command',
} as const

const renamed: Readonly<Record<string, string>> = { euser: 'UID', ucmd: 'CMD' }

/** Reads a command line of procps' ps, which understands the options of Unix, of BSD and of GNU. */
export function parseRequest(process: Process, words: readonly string[]): PsRequest {
  return new RequestParser(process, words).parse()
}

type Selection = (row: ProcessRow) => boolean

class RequestParser {
  readonly #process: Process
  readonly #words: readonly string[]
  #at = 0
  #format: keyof typeof formats | undefined
  #columns: TitledColumn[] = []
  #extra: TitledColumn[] = []
  #selections: Selection[] = []
  #isFull = false
  #isLong = false
  #isNegated = false
  #bsd = new Set<string>()
  #isForest = false
  #hasHeader = true
  #isWide = false
  #sort: { key: string; isDescending: boolean }[] = []

  constructor(process: Process, words: readonly string[]) {
    this.#process = process
    this.#words = words
  }

  parse(): PsRequest {
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at++]!
      if (word.startsWith('--')) this.#long(word)
      else if (word.startsWith('-') && word.length > 1) this.#unix(word.slice(1))
      else if (/^\d+(,\d+)*$/.test(word)) this.#selections.push(pidList(word))
      else this.#bsdLetters(word)
    }
    return {
      columns: this.#chosenColumns(),
      isForest: this.#isForest,
      hasHeader: this.#hasHeader,
      isWide: this.#isWide,
      sort: this.#sort,
      isSelected: this.#selection(),
    }
  }

  #long(word: string): void {
    const equals = word.indexOf('=')
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals)
    const value = () =>
      equals < 0 ? (this.#words[this.#at++] ?? this.#refuse('garbage option')) : word.slice(equals + 1)
    switch (name) {
      case 'sort':
        for (const key of value().split(',')) this.#addSort(key)
        return
      case 'forest':
        this.#isForest = true
        return
      case 'no-headers':
      case 'no-heading':
      case 'noheaders':
        this.#hasHeader = false
        return
      case 'headers':
      case 'heading':
        return
      case 'pid':
        this.#selections.push(pidList(value()))
        return
      case 'ppid': {
        const parents = value().split(/[ ,]/).map(Number)
        this.#selections.push(row => parents.includes(row.parent))
        return
      }
      case 'user':
      case 'User':
        this.#selections.push(this.#userList(value()))
        return
      case 'group':
      case 'Group':
        throw new UsageError(`option --${name} is not simulated here`)
      case 'tty':
        this.#selections.push(terminalList(value()))
        return
      case 'format':
        this.#addColumns(value())
        return
      case 'deselect':
        this.#isNegated = true
        return
      case 'cols':
      case 'columns':
      case 'width':
      case 'rows':
      case 'lines':
        value()
        this.#isWide = true
        return
    }
    this.#refuse('unknown gnu long option')
  }

  #unix(letters: string): void {
    for (let i = 0; i < letters.length; i++) {
      const letter = letters[i]!
      const value = () => {
        const rest = letters.slice(i + 1)
        i = letters.length
        return rest !== '' ? rest : (this.#words[this.#at++] ?? this.#refuse(needs[letter] ?? 'garbage option'))
      }
      this.#unixLetter(letter, value)
    }
  }

  #unixLetter(letter: string, value: () => string): void {
    switch (letter) {
      case 'e':
      case 'A':
        this.#selections.push(() => true)
        return
      case 'a':
        this.#selections.push(row => row.terminal !== '?' && !row.state.includes('s'))
        return
      case 'd':
        this.#selections.push(row => !row.state.includes('s'))
        return
      case 'f':
        this.#isFull = true
        return
      case 'F':
        this.#format = 'extraFull'
        return
      case 'l':
        this.#isLong = true
        return
      case 'j':
        this.#format = 'jobs'
        return
      case 'o':
        this.#addColumns(value())
        return
      case 'O':
        this.#extra.push(...this.#readColumns(value()))
        return
      case 'p':
      case 'q':
        this.#selections.push(pidList(value()))
        return
      case 'C': {
        const names = value().split(/[ ,]/)
        this.#selections.push(row => names.includes(row.name))
        return
      }
      case 'u':
      case 'U':
        this.#selections.push(this.#userList(value()))
        return
      case 't':
        this.#selections.push(terminalList(value()))
        return
      case 'H':
        this.#isForest = true
        return
      case 'w':
      case 'L':
      case 'T':
      case 'm':
      case 'y':
        this.#isWide ||= letter === 'w'
        return
      case 'N':
        this.#isNegated = true
        return
      case 'x':
        this.#bsd.add('x')
        return
      case 'c':
      case 'g':
      case 'G':
      case 'M':
      case 'P':
      case 's':
      case 'V':
      case 'Z':
        throw new UsageError(`option -${letter} is not simulated here`)
    }
    this.#refuse('unsupported SysV option')
  }

  #bsdLetters(letters: string): void {
    for (let i = 0; i < letters.length; i++) {
      const letter = letters[i]!
      const value = () => {
        const rest = letters.slice(i + 1)
        i = letters.length
        return rest !== '' ? rest : (this.#words[this.#at++] ?? this.#refuse(needs[letter] ?? 'garbage option'))
      }
      switch (letter) {
        case 'a':
        case 'x':
          this.#bsd.add(letter)
          break
        case 'u':
          this.#format = 'user'
          break
        case 'l':
          this.#format = 'bsdLong'
          break
        case 'j':
          this.#format = 'bsdJobs'
          break
        case 'f':
          this.#isForest = true
          break
        case 'w':
          this.#isWide = true
          break
        case 'h':
          this.#hasHeader = false
          break
        case 'e':
        case 'g':
        case 'c':
        case 'n':
        case 'S':
          break
        case 'r':
          this.#selections.push(row => row.state.startsWith('R'))
          break
        case 'o':
          this.#addColumns(value())
          break
        case 'p':
          this.#selections.push(pidList(value()))
          break
        case 'U':
          this.#selections.push(this.#userList(value()))
          break
        case 't':
          this.#selections.push(terminalList(value()))
          break
        case 'k':
        case 'O':
          for (const key of value().split(',')) this.#addSort(key)
          break
        default:
          this.#refuse('unsupported option (BSD syntax)')
      }
      this.#bsd.add('syntax')
    }
  }

  #addColumns(text: string): void {
    this.#columns.push(...this.#readColumns(text))
  }

  /** `pid,comm=NAME,args=`: a title behind the equals sign takes the rest of the text. */
  #readColumns(text: string): TitledColumn[] {
    const result: TitledColumn[] = []
    let rest = text
    while (rest !== '') {
      const match = /^[ ,]*([%\w.]+)(:\d+)?(=(.*)$)?[ ,]*/s.exec(rest)
      if (!match) return this.#refuse('improper format list')
      const [all, key = '', width, titled, title = ''] = match
      const column = columns[key]
      if (!column) return this.#refuse(`unknown user-defined format specifier "${key}"`)
      const name = titled === undefined ? column.title : title
      const size =
        width === undefined
          ? titled === undefined
            ? column.width
            : Math.max(name.length, column.width)
          : Number(width.slice(1))
      result.push({ ...column, key, title: name, width: size })
      rest = rest.slice(all.length)
    }
    return result
  }

  #chosenColumns(): readonly TitledColumn[] {
    if (this.#columns.length > 0) return this.#columns
    let format = this.#format
    if (this.#isLong) format = this.#isFull ? 'fullLong' : 'long'
    else if (this.#isFull && format === undefined) format = 'full'
    else if (format === undefined) format = this.#bsd.has('syntax') ? 'bsd' : 'usual'
    const chosen = formats[format].split(' ').map(key => {
      const column = columns[key]!
      return { ...column, key, title: renamed[key] ?? (key === 'tname' ? 'TTY' : column.title) }
    })
    const [first, ...others] = chosen
    return this.#extra.length > 0 ? [first!, ...this.#extra, ...others.slice(-3)] : chosen
  }

  #selection(): Selection {
    const viewer = this.#process
    const own: Selection = row => row.uid === viewer.user.uid && row.process.terminal === viewer.terminal
    const hasTerminal: Selection = row => row.terminal !== '?'
    const bsd: Selection[] = []
    if (this.#bsd.has('a') && this.#bsd.has('x')) bsd.push(() => true)
    else if (this.#bsd.has('a')) bsd.push(hasTerminal)
    else if (this.#bsd.has('x')) bsd.push(row => row.uid === viewer.user.uid)
    const all = [...this.#selections, ...bsd]
    if (all.length === 0) return own
    return row => all.some(select => select(row)) !== this.#isNegated
  }

  #userList(text: string): Selection {
    const { users } = this.#process.machine
    const ids = text.split(/[ ,]/).map(name => {
      const uid = users.byName(name)?.uid ?? (/^\d+$/.test(name) ? Number(name) : undefined)
      return uid ?? this.#refuse('user name does not exist')
    })
    return row => ids.includes(row.uid)
  }

  #addSort(text: string): void {
    const key = text.replace(/^[-+]/, '')
    if (!columns[key]) this.#refuse('unknown sort specifier')
    this.#sort.push({ key, isDescending: text.startsWith('-') })
  }

  #refuse(message: string): never {
    throw new UsageError(
      `error: ${message}\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).`,
      1,
      true,
    )
  }
}

const needs: Readonly<Record<string, string>> = {
  o: 'format specification must follow -o',
  p: 'list of process IDs must follow -p',
  u: 'list of users must follow -u',
  U: 'list of real users must follow -U',
  C: 'list of command names must follow -C',
  t: 'list of terminals (pty, tty...) must follow -t',
}

function pidList(text: string): Selection {
  const wanted = text
    .split(/[ ,]/)
    .filter(each => each !== '')
    .map(Number)
  if (wanted.some(Number.isNaN)) {
    throw new UsageError(
      "error: process ID list syntax error\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).",
      1,
      true,
    )
  }
  return row => wanted.includes(row.pid)
}

function terminalList(text: string): Selection {
  const names = text.split(/[ ,]/).map(name => name.replace(/^\/dev\//, '').replace(/^(\d+)$/, 'pts/$1'))
  return row => names.includes(row.terminal)
}
