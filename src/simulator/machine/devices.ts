import { FileError } from './fileError.ts'
import type { FileSystem } from './files.ts'
import type { Kernel } from './kernel.ts'
import type { Process } from './program.ts'
import type { Input, Output } from './streams.ts'
import type { Terminal } from './terminal.ts'

/** Puts the usual devices into /dev. */
export function makeDevices(files: FileSystem, kernel: Kernel): void {
  const random = kernel.random.fork('urandom')
  const bytes = () => Array.from({ length: 4096 }, () => byteText(random.below(256))).join('')
  const discard = () => new Endless(() => undefined)
  files.makeDevice('/dev/null', { kind: 'character', major: 1, minor: 3, openInput: discard, openOutput: discard })
  const zeros = '\0'.repeat(4096)
  const zero = () => new Endless(() => zeros)
  files.makeDevice('/dev/zero', { kind: 'character', major: 1, minor: 5, openInput: zero, openOutput: discard })
  const full = () => new Full()
  files.makeDevice('/dev/full', { kind: 'character', major: 1, minor: 7, openInput: zero, openOutput: full })
  const chance = () => new Endless(bytes)
  files.makeDevice('/dev/random', { kind: 'character', major: 1, minor: 8, openInput: chance, openOutput: discard })
  files.makeDevice('/dev/urandom', { kind: 'character', major: 1, minor: 9, openInput: chance, openOutput: discard })
  files.makeDevice('/dev/tty', {
    kind: 'character',
    major: 5,
    minor: 0,
    openInput: terminalOf,
    openOutput: terminalOf,
  })
  files.symlink('/proc/self/fd', '/dev/fd')
  for (const [number, name] of ['stdin', 'stdout', 'stderr'].entries()) {
    files.symlink(`/proc/self/fd/${number}`, `/dev/${name}`)
  }
  files.mkdir('/dev/pts')
  files.mkdir('/dev/shm', { mode: 0o1777 })
}

/** Always has the same to give and takes everything. */
class Endless implements Input, Output {
  readonly #make: () => string | undefined
  #kept = ''

  constructor(make: () => string | undefined) {
    this.#make = make
  }

  take(): string | undefined {
    const kept = this.#kept
    this.#kept = ''
    return kept === '' ? this.#make() : kept
  }

  put(): string {
    return ''
  }

  unread(text: string): void {
    this.#kept = text + this.#kept
  }

  whenReady(wake: () => void): void {
    wake()
  }

  whenRoom(wake: () => void): void {
    wake()
  }

  retain(): void {}
  release(): void {}
}

/** A device without room: writing fails as on a full disk. */
class Full extends Endless {
  constructor() {
    super(() => undefined)
  }

  override put(): string {
    throw new FileError('ENOSPC', 'write error')
  }
}

function terminalOf(process: Process): Terminal {
  if (!process.terminal) throw new FileError('ENXIO', '/dev/tty')
  return process.terminal
}

function byteText(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 | byte)
}
