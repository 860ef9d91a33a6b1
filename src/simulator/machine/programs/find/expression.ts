import type { Stat } from '../../inode.ts'
import type { Process } from '../../program.ts'
import { UsageError } from '../../program.ts'
import { quoted } from '../../quoting.ts'
import { compilePattern } from '../../regularExpression.ts'
import { globPattern } from '../../wildcard.ts'

/** What a test of `find` looks at. */
export interface Candidate {
  /** As `find` shows it: below the starting point. */
  readonly name: string
  /** The last part of the name. */
  readonly base: string
  readonly path: string
  readonly stat: Stat
  readonly depth: number
}

/** Decides about a candidate, and maybe does something with it. */
export type Test = (candidate: Candidate) => Promise<boolean>

/** What actions may ask of the walk. */
export interface Walk {
  /** Does not go down into the current directory. */
  prune(): void
  quit(): void
  write(text: string): Promise<void>
  remove(candidate: Candidate): Promise<boolean>
  /** Runs a command and tells whether it succeeded. */
  run(argv: readonly string[], options: { readonly asks: boolean }): Promise<boolean>
  /** Runs a command at the end, with as many names as were collected. */
  collect(argv: readonly string[]): (name: string) => void
  list(candidate: Candidate): Promise<void>
  printf(format: string, candidate: Candidate): Promise<void>
  fail(message: string): Promise<void>
}

/** A parsed expression and the options that count for the whole walk. */
export interface Expression {
  readonly test: Test
  readonly minDepth: number
  readonly maxDepth: number
  /** Contents come before their directory. */
  readonly isDepthFirst: boolean
}

/** Reads the expression of a command line: tests, actions, `!`, `-o` and brackets. */
export function parseExpression(process: Process, words: readonly string[], walk: Walk): Expression {
  return new ExpressionParser(process, words, walk).parse()
}

class ExpressionParser {
  readonly #process: Process
  readonly #words: readonly string[]
  readonly #walk: Walk
  #at = 0
  #hasAction = false
  #minDepth = 0
  #maxDepth = Number.POSITIVE_INFINITY
  #isDepthFirst = false

  constructor(process: Process, words: readonly string[], walk: Walk) {
    this.#process = process
    this.#words = words
    this.#walk = walk
  }

  parse(): Expression {
    const test = this.#words.length === 0 ? async () => true : this.#either()
    if (this.#at < this.#words.length) {
      const word = this.#words[this.#at]!
      if (word === ')') throw new UsageError("you have too many ')'")
      throw new UsageError(`paths must precede expression: \`${word}'`)
    }
    const { write } = this.#walk
    const whole: Test = this.#hasAction
      ? test
      : async candidate => {
          if (!(await test(candidate))) return false
          await write(`${candidate.name}\n`)
          return true
        }
    return { test: whole, minDepth: this.#minDepth, maxDepth: this.#maxDepth, isDepthFirst: this.#isDepthFirst }
  }

  #either(): Test {
    const tests = [this.#both()]
    while (this.#words[this.#at] === '-o' || this.#words[this.#at] === '-or') {
      this.#at++
      tests.push(this.#both())
    }
    return async candidate => {
      for (const test of tests) if (await test(candidate)) return true
      return false
    }
  }

  #both(): Test {
    const tests: Test[] = []
    for (;;) {
      const word = this.#words[this.#at]
      if (word === undefined || word === '-o' || word === '-or' || word === ')') break
      if (word === '-a' || word === '-and') this.#at++
      tests.push(this.#term())
    }
    if (tests.length === 0) {
      const word = this.#words[this.#at]
      if (word === ')') throw new UsageError('invalid expression; empty parentheses are not allowed.')
      const after = this.#words[this.#at - 1]
      throw new UsageError(
        after === '-o' || word === '-o'
          ? `invalid expression; you have used a binary operator '${word === '-o' ? word : after}' with nothing before it.`
          : `expected an expression`,
      )
    }
    return async candidate => {
      for (const test of tests) if (!(await test(candidate))) return false
      return true
    }
  }

  #term(): Test {
    const word = this.#words[this.#at++]
    if (word === undefined) throw new UsageError("expected an expression after '!'")
    if (word === '!' || word === '-not') {
      const test = this.#term()
      return async candidate => !(await test(candidate))
    }
    if (word === '(') {
      const test = this.#either()
      if (this.#words[this.#at++] !== ')') {
        throw new UsageError("invalid expression; I was expecting to find a ')' somewhere but did not see one.")
      }
      return test
    }
    if (!word.startsWith('-') && word !== ',') throw new UsageError(`paths must precede expression: \`${word}'`)
    return this.#primary(word)
  }

  #primary(word: string): Test {
    const walk = this.#walk
    switch (word) {
      case '-name':
      case '-iname': {
        const pattern = globPattern(this.#value(word), word === '-iname')
        return async ({ base }) => pattern.test(base)
      }
      case '-path':
      case '-wholename':
      case '-ipath': {
        const pattern = globPattern(this.#value(word), word === '-ipath')
        return async ({ name }) => pattern.test(name)
      }
      case '-regex':
      case '-iregex': {
        const text = this.#value(word)
        const pattern = compilePattern(text, { syntax: 'basic', whole: 'line', ignoresCase: word === '-iregex' })
        return async ({ name }) => {
          pattern.lastIndex = 0
          return pattern.test(name)
        }
      }
      case '-lname': {
        const pattern = globPattern(this.#value(word))
        return async ({ path, stat }) => stat.kind === 'link' && pattern.test(this.#process.files.readLink(path))
      }
      case '-type':
      case '-xtype':
        return this.#typeTest(this.#value(word))
      case '-maxdepth':
        this.#maxDepth = this.#depth(word)
        return yes
      case '-mindepth':
        this.#minDepth = this.#depth(word)
        return yes
      case '-depth':
      case '-d':
        this.#isDepthFirst = true
        return yes
      case '-mount':
      case '-xdev':
      case '-noleaf':
      case '-nowarn':
      case '-warn':
      case '-follow':
      case '-true':
      case '-daystart':
        return yes
      case '-false':
        return async () => false
      case '-empty':
        return async ({ path, stat }) => {
          if (stat.kind === 'directory') return this.#process.files.list(path).length === 0
          return stat.kind === 'file' && stat.size === 0
        }
      case '-size':
        return this.#sizeTest(this.#value(word))
      case '-mtime':
      case '-atime':
      case '-ctime':
        return this.#ageTest(word, 86_400_000)
      case '-mmin':
      case '-amin':
      case '-cmin':
        return this.#ageTest(word, 60_000)
      case '-newer':
      case '-anewer':
      case '-cnewer': {
        const { modified } = this.#process.files.stat(this.#process.path(this.#value(word)))
        return async ({ stat }) => stat.modified > modified
      }
      case '-perm':
        return this.#permissionTest(this.#value(word))
      case '-user':
      case '-uid': {
        const { users } = this.#process.machine
        const name = this.#value(word)
        const uid = users.byName(name)?.uid ?? (/^\d+$/.test(name) ? Number(name) : undefined)
        if (uid === undefined) throw new UsageError(`${quoted(this.#process, name)} is not the name of a known user`)
        return async ({ stat }) => stat.uid === uid
      }
      case '-group':
      case '-gid': {
        const { users } = this.#process.machine
        const name = this.#value(word)
        const gid =
          users.groups().find(group => group.name === name)?.gid ?? (/^\d+$/.test(name) ? Number(name) : undefined)
        if (gid === undefined)
          throw new UsageError(`${quoted(this.#process, name)} is not the name of an existing group`)
        return async ({ stat }) => stat.gid === gid
      }
      case '-nouser':
        return async ({ stat }) => this.#process.machine.users.byId(stat.uid) === undefined
      case '-links':
        return this.#numberTest(this.#value(word), word, ({ stat }) => stat.links)
      case '-inum':
        return this.#numberTest(this.#value(word), word, ({ stat }) => stat.number)
      case '-readable':
        return async ({ path }) => this.#process.files.may('read', path)
      case '-writable':
        return async ({ path }) => this.#process.files.may('write', path)
      case '-executable':
        return async ({ path }) => this.#process.files.may('execute', path)
      case '-prune':
        return async () => {
          walk.prune()
          return true
        }
    }
    return this.#action(word)
  }

  #action(word: string): Test {
    const walk = this.#walk
    this.#hasAction = true
    switch (word) {
      case '-print':
        return async ({ name }) => {
          await walk.write(`${name}\n`)
          return true
        }
      case '-print0':
        return async ({ name }) => {
          await walk.write(`${name}\0`)
          return true
        }
      case '-printf': {
        const format = this.#value(word)
        return async candidate => {
          await walk.printf(format, candidate)
          return true
        }
      }
      case '-ls':
        return async candidate => {
          await walk.list(candidate)
          return true
        }
      case '-delete':
        this.#isDepthFirst = true
        return candidate => walk.remove(candidate)
      case '-quit':
        return async () => {
          walk.quit()
          return true
        }
      case '-exec':
      case '-execdir':
      case '-ok':
        return this.#execution(word)
    }
    if (
      /^-(fls|fprint|fprint0|fprintf|okdir|fstype|samefile|newer[aBcmt]{2}|context|regextype|used|ilname|ignore_readdir_race)$/.test(
        word,
      )
    ) {
      throw new UsageError(`option ${word} is not simulated here`)
    }
    throw new UsageError(this.#process.flavour === 'busybox' ? `unrecognized: ${word}` : `unknown predicate \`${word}'`)
  }

  #execution(word: string): Test {
    const start = this.#at
    const end = this.#words.findIndex(
      (each, index) => index >= start && (each === ';' || (each === '+' && this.#words[index - 1] === '{}')),
    )
    if (end < 0 || end === start) {
      const isBusybox = this.#process.flavour === 'busybox'
      throw new UsageError(isBusybox ? `${word} requires an argument` : `missing argument to \`${word}'`)
    }
    const argv = this.#words.slice(start, end)
    this.#at = end + 1
    if (this.#words[end] === '+') {
      const add = this.#walk.collect(argv.slice(0, -1))
      return async ({ name }) => {
        add(name)
        return true
      }
    }
    const asks = word === '-ok'
    const isInside = word === '-execdir'
    return ({ name, base }) => {
      const shown = isInside ? `./${base}` : name
      return this.#walk.run(
        argv.map(each => each.replaceAll('{}', () => shown)),
        { asks },
      )
    }
  }

  #value(word: string): string {
    const value = this.#words[this.#at++]
    if (value !== undefined) return value
    const isBusybox = this.#process.flavour === 'busybox'
    throw new UsageError(isBusybox ? `${word} requires an argument` : `missing argument to \`${word}'`)
  }

  #depth(word: string): number {
    const value = this.#value(word)
    if (/^\d+$/.test(value)) return Number(value)
    throw new UsageError(
      `Expected a positive decimal integer argument to ${word}, but got ${quoted(this.#process, value)}`,
    )
  }

  #typeTest(letters: string): Test {
    const kinds = letters.split(',').map(letter => {
      const kind = typeLetters[letter]
      if (!kind) throw new UsageError(`Unknown argument to -type: ${letter}`)
      return kind
    })
    return async ({ stat }) => kinds.includes(stat.kind)
  }

  #sizeTest(text: string): Test {
    const match = /^([-+]?)(\d+)([cwbkMG]?)$/.exec(text)
    if (!match) throw new UsageError(`Invalid argument \`${text}' to -size`)
    const [, sign = '', digits, letter = 'b'] = match
    const unit = sizeUnits[letter || 'b']!
    return async ({ stat }) => compare(sign, Math.ceil(stat.size / unit), Number(digits))
  }

  #ageTest(word: string, unit: number): Test {
    const text = this.#value(word)
    const match = /^([-+]?)(\d+(?:\.\d+)?)$/.exec(text)
    if (!match) throw new UsageError(`invalid argument \`${text}' to \`${word}'`)
    const [, sign = '', digits] = match
    const now = this.#process.machine.now()
    return async ({ stat }) => {
      const age = (now - stat.modified) / unit
      return compare(sign, unit === 60_000 && sign !== '' ? age : Math.floor(age), Number(digits))
    }
  }

  #numberTest(text: string, word: string, read: (candidate: Candidate) => number): Test {
    const match = /^([-+]?)(\d+)$/.exec(text)
    if (!match) throw new UsageError(`invalid argument \`${text}' to \`${word}'`)
    return async candidate => compare(match[1]!, read(candidate), Number(match[2]))
  }

  #permissionTest(text: string): Test {
    const match = /^([-/]?)([0-7]{1,4})$/.exec(text) ?? /^([-/]?)([ugoa]*[+=][rwxst]+)$/.exec(text)
    if (!match) throw new UsageError(`invalid mode ${quoted(this.#process, text)}`)
    const [, sign, mode = ''] = match
    const bits = /^\d/.test(mode) ? Number.parseInt(mode, 8) : symbolicBits(mode)
    return async ({ stat }) => {
      if (sign === '-') return (stat.mode & bits) === bits
      return sign === '/' ? bits === 0 || (stat.mode & bits) !== 0 : stat.mode === bits
    }
  }
}

const yes: Test = async () => true

function compare(sign: string, actual: number, wanted: number): boolean {
  if (sign === '+') return actual > wanted
  return sign === '-' ? actual < wanted : actual === wanted
}

function symbolicBits(text: string): number {
  const [who = '', permissions = ''] = text.split(/[+=]/)
  let bits = 0
  for (const letter of permissions) {
    const three = { r: 4, w: 2, x: 1 }[letter] ?? 0
    for (const person of who === '' || who.includes('a') ? 'ugo' : who) bits |= three << ({ u: 6, g: 3 }[person] ?? 0)
  }
  return bits
}

const typeLetters: Readonly<Record<string, Stat['kind']>> = {
  f: 'file',
  d: 'directory',
  l: 'link',
  c: 'character',
  p: 'fifo',
  s: 'socket',
}

const sizeUnits: Readonly<Record<string, number>> = {
  c: 1,
  w: 2,
  b: 512,
  k: 1024,
  M: 1_048_576,
  G: 1_073_741_824,
}
