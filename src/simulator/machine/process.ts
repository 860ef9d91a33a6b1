import type { NetworkNamespace } from '../network/namespace.ts'
import {
  closeDescriptor,
  DescriptorReader,
  DescriptorWriter,
  isInput,
  isOutput,
  OpenReader,
  OpenWriter,
} from './descriptors.ts'
import { commandName, defaultPath, type Executable, findCommand, loadExecutable } from './executable.ts'
import { FileError } from './fileError.ts'
import type { FileSystem, OpenOptions } from './files.ts'
import { inputOf, outputOf } from './foreignStreams.ts'
import type { Kernel } from './kernel.ts'
import { linesOf } from './lines.ts'
import type { Machine } from './machine.ts'
import { FileStream } from './openFile.ts'
import { lastName, resolvePath } from './path.ts'
import {
  type Appetite,
  Exit,
  type Flavour,
  type Process,
  type Program,
  type Readable,
  type Spawn,
  UsageError,
  type User,
  type Writable,
} from './program.ts'
import { findSignal } from './signals.ts'
import type { Descriptor } from './streams.ts'
import type { Terminal } from './terminal.ts'

/** Thrown through a program whose process has been ended from outside. No error: nobody reads where it was thrown. */
class ProcessEnded {}

/** Loading a program takes this long, in milliseconds. */
const loadTime = 1
// What a program takes that says nothing of it: no processor time, a mebibyte.
const usualAppetite: Appetite = { processor: 0, memory: 1024 * 1024 }

/** A process of a machine: what `Process` promises to programs, and how it ends. */
export class RunningProcess implements Process {
  readonly machine: Machine
  readonly kernel: Kernel
  readonly pid: number
  readonly files: FileSystem
  readonly network: NetworkNamespace
  readonly env: Map<string, string>
  readonly user: User
  readonly terminal: Terminal | undefined
  readonly descriptors = new Map<number, Descriptor>()
  readonly startedAt: number
  endedAt: number | undefined
  readonly children = new Set<RunningProcess>()
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  /** Mode bits that new files do not get. */
  umask = 0o022
  group: number
  cwd: string
  argv: readonly string[]
  flavour: Flavour
  comm: string
  commandLine: readonly string[]
  state: Process['state'] = 'running'
  status: number | undefined
  endedBy: string | undefined

  #parent: RunningProcess | undefined
  readonly #reactions = new Map<string, (() => void) | 'ignore'>()
  readonly #waits = new Set<(error: unknown) => void>()
  readonly #onExit = new Set<() => void>()
  readonly #onState = new Set<() => void>()
  readonly #held: (() => void)[] = []
  readonly #pending: string[] = []
  #memory = 0
  #appetite: Appetite = usualAppetite

  /** Begins to run `Spawn.program`, or the executable that argv[0] names. Throws `FileError` when there is none. */
  constructor(machine: Machine, parent: RunningProcess | undefined, command: Spawn) {
    this.machine = machine
    this.kernel = machine.kernel
    this.#parent = parent
    this.user = command.user ?? parent?.user ?? machine.users.root
    this.files = parent?.user === this.user ? parent.files : machine.files.as(this.user)
    this.network = command.network ?? parent?.network ?? machine.network
    this.env = new Map(command.env ?? parent?.env ?? machine.environment(this.user))
    this.cwd = command.cwd ?? parent?.cwd ?? '/'
    this.terminal = command.terminal === null ? undefined : (command.terminal ?? parent?.terminal)
    const executable = command.program ? undefined : this.#load(command.argv)
    const program = command.program ?? executable!.program
    this.argv = executable?.argv ?? command.argv
    this.flavour = executable?.flavour ?? parent?.flavour ?? machine.flavour
    this.commandLine = command.commandLine ?? this.argv
    this.comm = command.isFork && parent ? parent.comm : commandName(command.argv[0] ?? program.name)
    this.startedAt = this.kernel.clock.now
    this.stdin = new DescriptorReader(this, 0)
    this.stdout = new DescriptorWriter(this, 1)
    this.stderr = new DescriptorWriter(this, 2)
    this.pid = machine.register(this)
    const group = command.group ?? parent?.group ?? 'new'
    this.group = group === 'new' ? this.pid : group
    this.#inherit(command)
    parent?.children.add(this)
    this.terminal?.join(this)
    if (!command.isFork) this.#hunger(program.appetite)
    this.kernel.start(() => this.#run(program, command.isFork ? 0 : loadTime))
  }

  get parent(): RunningProcess | undefined {
    return this.#parent
  }

  spawn(command: Spawn): RunningProcess {
    return new RunningProcess(this.machine, this, command)
  }

  async call(argv: readonly string[], changes: Partial<Spawn> = {}): Promise<number> {
    try {
      const child = this.spawn({ ...changes, argv })
      await this.wait<void>(wake => void child.onExit(wake))
      return child.status!
    } catch (error) {
      if (error instanceof FileError) return error.code === 'ENOENT' ? 127 : 126
      throw error
    }
  }

  write(text: string): Promise<void> {
    return this.stdout.write(text)
  }

  async fail(message: string, status = 1): Promise<number> {
    await this.stderr.write(`${lastName(this.argv[0] ?? '')}: ${message}\n`)
    return status
  }

  async readAll(): Promise<string> {
    let text = ''
    for (let piece = await this.stdin.read(); piece !== undefined; piece = await this.stdin.read()) text += piece
    return text
  }

  lines(from: Readable = this.stdin): AsyncIterable<string> {
    return linesOf(from)
  }

  path(path: string): string {
    return resolvePath(this.cwd, path)
  }

  openRead(path: string): Readable {
    const descriptor = this.open(path, { read: true })
    if (!isInput(descriptor)) throw new FileError('EACCES', path)
    return new OpenReader(this, descriptor)
  }

  openWrite(path: string, options: { readonly append?: boolean } = {}): Writable {
    const append = options.append ?? false
    const descriptor = this.open(path, { write: true, create: true, append, truncate: !append })
    if (!isOutput(descriptor)) throw new FileError('EACCES', path)
    return new OpenWriter(this, descriptor)
  }

  /** Opens a file or device and gives what a descriptor number may stand for, held once. */
  open(path: string, options: OpenOptions): Descriptor {
    const own = this.#ownDescriptor(path)
    if (own) {
      own.retain()
      return own
    }
    try {
      const opened = this.files.open(this.path(path).replace(/^\/proc\/self(?=\/)/, `/proc/${this.pid}`), {
        mode: 0o666 & ~this.umask,
        ...options,
      })
      if (opened instanceof FileStream) return opened
      const device = options.write ? opened.openOutput?.(this) : opened.openInput?.(this)
      if (device) return device
    } catch (error) {
      throw error instanceof FileError ? new FileError(error.code, path) : error
    }
    throw new FileError('ENXIO', path)
  }

  async sleep(duration: number): Promise<void> {
    if (this.state === 'ended') throw new ProcessEnded()
    let wakeUp = () => {}
    const timer = this.kernel.clock.after(duration, () => wakeUp())
    try {
      await this.wait<void>(wake => {
        wakeUp = wake
      })
    } finally {
      timer.cancel()
    }
  }

  async work(duration: number): Promise<void> {
    this.machine.countProcessorTime(duration)
    await this.sleep(Math.ceil(duration / Math.min(1, this.machine.processorLimit)))
  }

  /** Bytes that it holds. */
  get memory(): number {
    return this.#memory + this.#appetite.memory
  }

  #hunger(appetite = usualAppetite): void {
    const more = appetite.processor - this.#appetite.processor
    this.#appetite = appetite
    if (more !== 0) this.machine.changeIdleLoad(more)
  }

  async wait<T>(register: (wake: (value: T) => void, fail: (error: unknown) => void) => void): Promise<T> {
    if (this.state === 'ended') throw new ProcessEnded()
    const value = await this.kernel.wait<T>((wake, fail) => {
      this.#waits.add(fail)
      const resume = (run: () => void) => {
        this.#waits.delete(fail)
        if (this.state === 'stopped') this.#held.push(run)
        else run()
      }
      register(
        value => resume(() => wake(value)),
        error => resume(() => fail(error)),
      )
    })
    if ((this.state as Process['state']) === 'ended') throw new ProcessEnded()
    return value
  }

  async waitFor<T>(duration: number, register: (wake: (value: T) => void) => void): Promise<T | undefined> {
    let expire = () => {}
    const timer = this.kernel.clock.after(duration, () => expire())
    try {
      return await this.wait<T | undefined>(wake => {
        expire = () => wake(undefined)
        register(wake)
      })
    } finally {
      timer.cancel()
    }
  }

  exited(): Promise<number> {
    if (this.status !== undefined) return Promise.resolve(this.status)
    return this.kernel.wait<number>(wake => void this.onExit(() => wake(this.status!)))
  }

  onExit(react: () => void): () => void {
    if (this.status !== undefined) {
      react()
      return () => {}
    }
    this.#onExit.add(react)
    return () => void this.#onExit.delete(react)
  }

  hold(bytes: number): boolean {
    this.#memory = Math.max(0, this.#memory + bytes)
    if (this.#memory <= this.machine.memoryLimit) return true
    this.machine.hasRunOutOfMemory = true
    this.kill('SIGKILL')
    return false
  }

  onState(react: () => void): () => void {
    this.#onState.add(react)
    return () => void this.#onState.delete(react)
  }

  exit(status: number): void {
    this.#end(status)
  }

  onSignal(signal: string, react: (() => void) | undefined): void {
    if (react) this.#reactions.set(signal, react)
    else this.#reactions.delete(signal)
  }

  ignoreSignal(signal: string): void {
    this.#reactions.set(signal, 'ignore')
  }

  isIgnoring(signal: string): boolean {
    return this.#reactions.get(signal) === 'ignore'
  }

  interruptWaits(error: Error): void {
    const waits = [...this.#waits]
    this.#waits.clear()
    for (const fail of waits) fail(error)
  }

  thread(body: () => Promise<void>): void {
    this.kernel.start(async () => {
      try {
        await body()
      } catch (error) {
        if (error instanceof Exit) this.#end(error.status)
        else if (!(error instanceof ProcessEnded)) throw error
      }
    })
  }

  kill(name: string, sender?: Process): void {
    const signal = findSignal(name)
    if (!signal || this.state === 'ended') return
    // A container's first process gets no signal that it has not asked for; SIGKILL works from outside: pid_namespaces(7).
    const isProtected = this.pid === 1 && this.machine.parent !== undefined
    if (signal.name === 'SIGKILL' || signal.name === 'SIGSTOP') {
      if (isProtected && sender?.machine === this.machine) return
      if (signal.name === 'SIGKILL') this.#end(128 + signal.number, signal.name)
      else this.#stop(signal.name)
      return
    }
    if (signal.name === 'SIGCONT') this.#continue()
    const reaction = this.#reactions.get(signal.name)
    if (reaction === 'ignore') return
    if (reaction && this.state === 'stopped') this.#pending.push(signal.name)
    else if (reaction) reaction()
    else if (isProtected) return
    else if (signal.action === 'stop') this.#stop(signal.name)
    else if (signal.action === 'end' || signal.action === 'core') this.#end(128 + signal.number, signal.name)
  }

  /** Becomes another program in the same process: `exec`. Gives its exit status. */
  async replace(argv: readonly string[], env: ReadonlyMap<string, string>): Promise<number> {
    const executable = this.#load(argv)
    for (const [signal, reaction] of [...this.#reactions]) if (reaction !== 'ignore') this.#reactions.delete(signal)
    this.env.clear()
    for (const [name, value] of env) this.env.set(name, value)
    this.argv = executable.argv
    this.flavour = executable.flavour
    this.commandLine = executable.argv
    this.comm = commandName(argv[0] ?? '')
    this.#hunger(executable.program.appetite)
    await this.work(loadTime)
    try {
      return await executable.program.run(this)
    } catch (error) {
      // Only what keeps a program from starting is the caller's to explain.
      if (!(error instanceof FileError)) throw error
      await this.#fall(error)
      return 1
    }
  }

  #load(argv: readonly string[]): Executable {
    const name = argv[0] ?? ''
    const file = findCommand(this.files, this.env.get('PATH') ?? defaultPath, this.cwd, name)
    if (file === undefined) throw new FileError('ENOENT', name)
    return loadExecutable(this.files, file, argv)
  }

  #inherit(command: Spawn): void {
    const parent = this.#parent
    const table = new Map<number, Descriptor>(command.descriptors ?? parent?.descriptors ?? [])
    for (const [number, stream] of [command.stdin, command.stdout, command.stderr].entries()) {
      if (stream) table.set(number, this.#descriptorOf(stream, number))
    }
    if (!command.descriptors && !parent && command.terminal) {
      for (const number of [0, 1, 2]) if (!table.has(number)) table.set(number, command.terminal)
    }
    for (const [number, descriptor] of table) {
      descriptor.retain()
      this.descriptors.set(number, descriptor)
    }
    if (!parent) return
    this.umask = parent.umask
    for (const [signal, reaction] of parent.#reactions) {
      if (reaction === 'ignore') this.#reactions.set(signal, 'ignore')
    }
  }

  #descriptorOf(stream: Readable | Writable, number: number): Descriptor {
    if ('descriptor' in stream) return stream.descriptor as Descriptor
    return number === 0 ? inputOf(stream as Readable, this.kernel) : outputOf(stream as Writable, this.kernel)
  }

  /** What `/dev/stdin` and `/dev/fd/N` stand for. */
  #ownDescriptor(path: string): Descriptor | undefined {
    const match = /^\/(?:dev\/fd|proc\/self\/fd)\/(\d+)$|^\/dev\/std(in|out|err)$/.exec(path)
    if (!match) return undefined
    const number = match[1] ? Number(match[1]) : ['in', 'out', 'err'].indexOf(match[2]!)
    const descriptor = this.descriptors.get(number)
    if (!descriptor) throw new FileError('ENOENT', path)
    return descriptor
  }

  async #run(program: Program, duration: number): Promise<void> {
    try {
      if (duration > 0) await this.work(duration)
      this.#end(await program.run(this))
    } catch (error) {
      await this.#fall(error)
    }
  }

  /** What a program let through: its message and exit status, or a bug of the simulator. */
  async #fall(error: unknown): Promise<void> {
    if (error instanceof ProcessEnded || this.state === 'ended') return
    if (error instanceof Exit) return this.#end(error.status)
    if (!(error instanceof FileError || error instanceof UsageError)) {
      this.#end(70)
      throw error
    }
    const name = lastName(this.argv[0] ?? '')
    const isBare = error instanceof UsageError && error.isBare
    try {
      await this.stderr.write(isBare ? `${error.message}\n` : `${name}: ${error.message}\n`)
    } catch (second) {
      if (!(second instanceof ProcessEnded || second instanceof FileError)) throw second
    }
    this.#end(error instanceof UsageError ? error.status : 1)
  }

  #end(status: number, signal?: string): void {
    if (this.state === 'ended') return
    this.state = 'ended'
    this.#hunger()
    this.status = status & 255
    this.endedBy = signal
    this.endedAt = this.kernel.clock.now
    for (const number of [...this.descriptors.keys()]) closeDescriptor(this, number)
    const heir = this.machine.reaper(this)
    for (const child of this.children) {
      child.#parent = heir
      heir?.children.add(child)
    }
    this.#parent?.children.delete(this)
    this.terminal?.leave(this)
    this.machine.unregister(this)
    const waits = [...this.#waits]
    this.#waits.clear()
    for (const run of this.#held.splice(0)) run()
    for (const fail of waits) fail(new ProcessEnded())
    this.#tell()
    const reactions = [...this.#onExit]
    this.#onExit.clear()
    for (const react of reactions) react()
    this.#parent?.kill('SIGCHLD')
  }

  #stop(signal: string): void {
    if (this.state !== 'running') return
    this.state = 'stopped'
    this.endedBy = signal
    this.#tell()
    this.#parent?.kill('SIGCHLD')
  }

  #continue(): void {
    if (this.state !== 'stopped') return
    this.state = 'running'
    this.endedBy = undefined
    for (const run of this.#held.splice(0)) run()
    for (const signal of this.#pending.splice(0)) this.kill(signal)
    this.#tell()
  }

  #tell(): void {
    for (const react of [...this.#onState]) react()
  }
}
