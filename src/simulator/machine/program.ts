import type { NetworkNamespace } from '../network/namespace.ts'
import type { FileSystem, OpenOptions } from './files.ts'
import type { Kernel } from './kernel.ts'
import type { Machine } from './machine.ts'
import type { Descriptor } from './streams.ts'
import type { Terminal } from './terminal.ts'

/** What a program uses while nobody asks anything of it. */
export interface Appetite {
  /** Thousandths of a processor core. */
  readonly processor: number
  /** Bytes. */
  readonly memory: number
}

/** A program on a simulated machine: a shell command, kubectl, or what a container runs. */
export interface Program {
  readonly name: string
  /** One line for `help`, `man` and completion. */
  readonly summary: string
  /** The part of the usage line after the name: `[OPTION]... [FILE]...`. */
  readonly usage?: string
  /** Absent means no processor time and little memory. */
  readonly appetite?: Appetite
  readonly options?: readonly Option[]
  /** Options of the real program that are missing here, with their dashes: `-Z --context`. */
  readonly notSimulated?: string
  /** True when the first operand ends the options: `timeout`, `xargs`, `env`. */
  readonly operandsEndOptions?: true
  /** True when `-5` and `-.5` are operands. */
  readonly negativeNumbers?: true
  /** The exit status for a command line that is not understood; absent means 1. */
  readonly usageStatus?: number
  /** What follows such an error instead of the hint to `--help`; `help` for the whole help. */
  readonly usageHint?: string
  /** The package and version that `--version` names: `GNU coreutils 9.1`. */
  readonly package?: string
  /** BusyBox' program of this name, where it differs. */
  readonly busybox?: BusyboxVariant
  /**
   * What Tab offers for the word being typed, each with what it is for behind a tab if that should be shown. Absent, or
   * without an answer, means files.
   */
  complete?(process: Process, words: readonly string[]): string[] | Promise<string[] | undefined>
  /** Runs to the end and gives the exit status, 0–255. May throw `UsageError`, `FileError` or `Exit`. */
  run(process: Process): Promise<number> | number
}

/** One option of a program: parser, `--help` and `man` are made from it. */
export interface Option {
  /** One letter, without the dash. */
  readonly short?: string
  /** Without the dashes. */
  readonly long?: string
  /** Name of the value it takes, as help shows it; absent for a switch, in brackets when the value may be left out. */
  readonly value?: string
  readonly help: string
  /** Its value may be written as the option itself: `head -5`. */
  readonly isNumber?: true
  /** The only flavour that has it. */
  readonly only?: Flavour
}

/** What BusyBox' program of a name has of the declaration. */
export interface BusyboxVariant {
  /** The part of the usage line after the name, where it differs. */
  readonly usage?: string
  /** The options it knows: all letters in one word, then long names. Absent means all that are declared. */
  readonly options?: string
  readonly usageStatus?: number
}

/** Where bytes come from: a pipe, a file, a terminal. Text is UTF-8; other bytes are lone surrogates U+DC80–U+DCFF. */
export interface Readable {
  /** The next piece of text, or undefined at the end. Waits through the kernel. */
  read(): Promise<string | undefined>
  /** Puts text back in front, for readers of lines. */
  unread(text: string): void
  readonly terminal?: Terminal | undefined
  close(): void
}

/** Where bytes go. Writing waits while a pipe is full and ends the process with SIGPIPE when nobody reads. */
export interface Writable {
  write(text: string): Promise<void>
  readonly terminal?: Terminal | undefined
  close(): void
}

/** Which of the two worlds a program's messages come from. */
export type Flavour = 'gnu' | 'busybox'

/** A running program, as the program sees it. Every wait of a program goes through one of these methods. */
export interface Process {
  readonly pid: number
  readonly parent: Process | undefined
  readonly machine: Machine
  readonly kernel: Kernel
  readonly files: FileSystem
  readonly network: NetworkNamespace
  /** argv[0] is the name it was called by. */
  readonly argv: readonly string[]
  readonly flavour: Flavour
  readonly env: Map<string, string>
  /** Absolute. */
  cwd: string
  readonly user: User
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  /** The terminal that controls the process, if any. */
  readonly terminal: Terminal | undefined
  /** What each file descriptor number stands for. */
  readonly descriptors: Map<number, Descriptor>
  /** The process group, a pid: what Ctrl-C and `kill -PID` reach together. */
  readonly group: number
  /** The name that the kernel keeps: `ps` shows it in braces when it differs from argv[0]. */
  readonly comm: string
  /** What `ps` shows as the command line. */
  readonly commandLine: readonly string[]
  readonly state: 'running' | 'stopped' | 'ended'
  /** When it began, in milliseconds of the clock. */
  readonly startedAt: number
  /** When it ended. */
  readonly endedAt: number | undefined
  readonly children: Iterable<Process>

  /** Writes to stdout. */
  write(text: string): Promise<void>
  /** Writes `name: message` and a newline to stderr and gives the exit status to return. */
  fail(message: string, status?: number): Promise<number>
  /** Everything that is left on stdin. */
  readAll(): Promise<string>
  /** The lines of stdin as they come, each with its newline where it has one. */
  lines(from?: Readable): AsyncIterable<string>
  /** Makes a path absolute against the working directory. */
  path(path: string): string
  /** Opens a file, device or named pipe for reading, also `/dev/stdin` and `/dev/fd/N`. Throws `FileError`. */
  openRead(path: string): Readable
  /** Opens one for writing: made when missing, emptied unless it appends. Throws `FileError`. */
  openWrite(path: string, options?: { readonly append?: boolean }): Writable
  /** Opens something and gives what a descriptor number may stand for, held once. Throws `FileError`. */
  open(path: string, options: OpenOptions): Descriptor
  /** Mode bits that new files do not get. */
  umask: number

  sleep(duration: number): Promise<void>
  /** Uses the processor for simulated milliseconds; where the machine may use only a part of it, that takes longer. */
  work(duration: number): Promise<void>
  /** Waits for an event of the simulation. A signal that ends the process makes it throw. */
  wait<T>(register: (wake: (value: T) => void, fail: (error: unknown) => void) => void): Promise<T>
  /** Like `wait`, giving undefined after `duration` milliseconds. */
  waitFor<T>(duration: number, register: (wake: (value: T) => void) => void): Promise<T | undefined>
  /** Starts a child; it shares everything that is not given. */
  spawn(command: Spawn): Process
  /** Looks a command up in PATH, starts it and waits for its exit status (127 when it is not found). */
  call(argv: readonly string[], changes?: Partial<Spawn>): Promise<number>
  /** The exit status, once it has ended. */
  readonly status: number | undefined
  /** The signal that ended or stopped it, if one did. */
  readonly endedBy: string | undefined
  /** Waits for this process to end (called by another one) and gives its exit status. */
  exited(): Promise<number>
  /** Sends a signal: `SIGINT`, `SIGTERM`, `SIGKILL` …; `sender` matters for the first process of a container. */
  kill(signal: string, sender?: Process): void
  /** Ends the process at once with this exit status: for reactions to signals. Waits break off; finally blocks run. */
  exit(status: number): void
  /** What to do on a signal instead of the default; undefined restores it. */
  onSignal(signal: string, react: (() => void) | undefined): void
  /** Ignores a signal, and so do the children started from now on (`nohup`). */
  ignoreSignal(signal: string): void
  /**
   * Takes note of bytes that it has read (or, below zero, written): false when its machine has no memory left for them
   * and the kernel has killed it. Simplified: a program holds all that it has read and not written.
   */
  hold(bytes: number): boolean
  /** Calls back whenever it stops, goes on or ends; the answer takes the request back. */
  onState(react: () => void): () => void
  /** Becomes another program (`exec`) and gives the exit status that it ends with. Throws `FileError`. */
  replace(argv: readonly string[], env: ReadonlyMap<string, string>): Promise<number>
  /** Makes everything that the process waits for at the moment throw this: a signal breaks a system call off. */
  interruptWaits(error: Error): void
  /** Starts another coroutine of this process (a thread): its waits break off when the process ends. */
  thread(body: () => Promise<void>): void
  /** Calls back once when the process has ended, however it ended; the answer takes the request back. */
  onExit(react: () => void): () => void
}

/** How a child process begins. */
export interface Spawn {
  readonly argv: readonly string[]
  /** The program to run; absent means the executable that argv[0] names. */
  readonly program?: Program
  readonly env?: ReadonlyMap<string, string>
  readonly cwd?: string
  readonly stdin?: Readable
  readonly stdout?: Writable
  readonly stderr?: Writable
  /** Another network namespace than the parent's (`ip netns exec`, `nsenter`). */
  readonly network?: NetworkNamespace
  /** Another terminal than the parent's; null for none. */
  readonly terminal?: Terminal | null
  readonly user?: User
  /** All file descriptors, instead of the parent's; stdin, stdout and stderr above still count. */
  readonly descriptors?: ReadonlyMap<number, Descriptor>
  /** The process group to join, or `new` to lead one; absent means the parent's. */
  readonly group?: number | 'new'
  /** What `ps` shows instead of argv. */
  readonly commandLine?: readonly string[]
  /** True for a copy of the running program (a subshell), which takes no time to load. */
  readonly isFork?: boolean
}

/** A line of /etc/passwd, as far as a process carries it. */
export interface User {
  readonly uid: number
  readonly gid: number
  readonly name: string
  readonly home: string
  readonly shell?: string
  /** Further groups. */
  readonly groups?: readonly number[]
  /** What it may do beyond files, as root: `NET_ADMIN`. Absent means everything. */
  readonly capabilities?: ReadonlySet<string>
  /** Whether programs that make others another user do not do so for it: no_new_privs. */
  readonly keepsItsRights?: boolean
}

/** Ends the program at once with this status; finally blocks run. */
export class Exit extends Error {
  readonly status: number
  constructor(status: number) {
    super(`exit ${status}`)
    this.status = status
  }
}

/** A command line the program does not understand; the kernel prints it in the words of the program's flavour. */
export class UsageError extends Error {
  readonly status: number
  /** Whether the message is printed without the program's name in front. */
  readonly isBare: boolean
  constructor(message: string, status = 1, isBare = false) {
    super(message)
    this.status = status
    this.isBare = isBare
  }
}
