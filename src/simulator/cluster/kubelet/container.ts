import type { ContainerStateTerminated, ResourceRequirements } from 'kubernetes-types/core/v1'
import { findCommand } from '../../machine/executable.ts'
import { FileError } from '../../machine/fileError.ts'
import type { Machine } from '../../machine/machine.ts'
import type { Process, User } from '../../machine/program.ts'
import { type Descriptor, Pipe, TextSink, TextSource } from '../../machine/streams.ts'
import { Terminal } from '../../machine/terminal.ts'
import { limitsOf } from './cgroup.ts'
import { ContainerLog } from './containerLog.ts'
import type { StoredImage } from './imageCatalogue.ts'

/** How long it takes until the runtime knows that a container's program has ended, in milliseconds. */
const exitNotice = 2

/** How a container is made. */
export interface ContainerSettings {
  readonly id: string
  readonly name: string
  /** 0 for the first container of that name in the pod, then counting up. */
  readonly attempt: number
  readonly image: StoredImage
  readonly machine: Machine
  readonly argv: readonly string[]
  readonly environment: ReadonlyMap<string, string>
  readonly workingDirectory: string
  readonly user: User
  readonly hasStdin: boolean
  readonly closesStdinOnce: boolean
  readonly hasTerminal: boolean
  readonly stopSignal: string
  readonly terminationMessagePath: string
  readonly terminationMessagePolicy: string
  /** What the kubelet compares to see whether the pod asks for something else now. */
  readonly specification: string
  /** How the container before it ended. */
  readonly previous: ContainerStateTerminated | undefined
}

/** The runtime could not start a container; the message is containerd's around runc's. */
export class StartError extends Error {}

/** Receives what a container writes. */
export type OutputListener = (text: string, stream: 'stdout' | 'stderr') => void

/** One container: a program with files, a network and a log of its own. */
export class Container {
  readonly settings: ContainerSettings
  readonly log: ContainerLog
  state: 'created' | 'running' | 'exited' = 'created'
  /** In milliseconds of the clock. */
  startedAt = 0
  finishedAt = 0
  exitCode = 0
  reason = ''
  message = ''
  /** Set once the runtime has forgotten it: its log is gone. */
  isRemoved = false
  /** What it was given of the node. */
  resources: ResourceRequirements = {}
  process: Process | undefined
  terminal: Terminal | undefined
  stdin: Pipe | undefined
  readonly #onChange: (container: Container) => void
  readonly #listeners = new Set<OutputListener>()
  readonly #exitListeners = new Set<() => void>()
  /** What was written before anyone was attached, for terminals. */
  #early: string | undefined

  constructor(settings: ContainerSettings, onChange: (container: Container) => void) {
    this.settings = settings
    this.#onChange = onChange
    this.log = new ContainerLog(() => settings.machine.now())
    this.#early = settings.hasTerminal ? '' : undefined
  }

  get id(): string {
    return this.settings.id
  }

  get name(): string {
    return this.settings.name
  }

  get isRunning(): boolean {
    return this.state === 'running'
  }

  /** Gives it a part of the node; a running program goes on. */
  allocate(resources: ResourceRequirements): void {
    this.resources = resources
    this.settings.machine.limit(limitsOf(resources))
  }

  /** Whoever was attached to the input has gone: there will be no more of it. */
  endInput(): void {
    this.stdin?.end()
    this.stdin = undefined
  }

  /** Starts the program; throws `StartError`. */
  start(): void {
    const { machine, argv, environment, workingDirectory, user, hasStdin, hasTerminal } = this.settings
    const { clock } = machine.kernel
    const refusal = refusalOf(machine, argv, environment, workingDirectory)
    if (refusal !== undefined) {
      const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ${refusal}`
      this.#fail(message)
      throw new StartError(message)
    }
    if (hasTerminal) {
      this.terminal = new Terminal(machine.kernel, { columns: 80, rows: 24 })
      this.terminal.onOutput(text => this.#take(text, 'stdout'))
    }
    if (hasStdin && !hasTerminal) this.stdin = new Pipe(machine.kernel)
    this.startedAt = clock.now
    this.state = 'running'
    const terminal = this.terminal
    const descriptors: [number, Descriptor][] = terminal
      ? [0, 1, 2].map(number => [number, terminal])
      : [
          [0, this.stdin?.reader ?? new TextSource('')],
          [1, new TextSink(text => this.#take(text, 'stdout'))],
          [2, new TextSink(text => this.#take(text, 'stderr'))],
        ]
    const process = machine.start({
      argv,
      env: environment,
      cwd: workingDirectory,
      user,
      group: 'new',
      terminal: terminal ?? null,
      descriptors: new Map(descriptors),
    })
    this.process = process
    this.#onChange(this)
    process.onExit(() => {
      this.finishedAt = clock.now
      machine.killAll()
      clock.after(exitNotice, () => this.#exited(process))
    })
  }

  /**
   * Calls back with what is written from now on. The first who listens to a terminal also gets its unfinished line:
   * shells draw their prompt anew when the terminal learns its size.
   */
  onOutput(listener: OutputListener): () => void {
    const prompt = this.#early?.slice(this.#early.lastIndexOf('\n') + 1)
    if (prompt) listener(prompt, 'stdout')
    this.#early = undefined
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Calls back once when it has ended. */
  onExit(react: () => void): () => void {
    if (this.state === 'exited') react()
    else this.#exitListeners.add(react)
    return () => void this.#exitListeners.delete(react)
  }

  signal(name: string): void {
    this.process?.kill(name)
  }

  #take(text: string, stream: 'stdout' | 'stderr'): void {
    this.log.write(stream, text)
    if (this.#early !== undefined && this.#early.length < 65_536) this.#early += text
    for (const listener of [...this.#listeners]) listener(text, stream)
  }

  #fail(message: string): void {
    this.state = 'exited'
    this.exitCode = 128
    this.reason = 'StartError'
    this.message = message
    this.finishedAt = this.settings.machine.kernel.clock.now
    this.log.close()
    this.#onChange(this)
  }

  #exited(process: Process): void {
    const { machine } = this.settings
    this.state = 'exited'
    this.exitCode = process.status ?? 0
    this.reason = machine.hasRunOutOfMemory ? 'OOMKilled' : this.exitCode === 0 ? 'Completed' : 'Error'
    // A last line without an end counts.
    this.log.close()
    this.message = this.#terminationMessage()
    const reactions = [...this.#exitListeners]
    this.#exitListeners.clear()
    for (const react of reactions) react()
    this.#onChange(this)
  }

  #terminationMessage(): string {
    const { machine, terminationMessagePath, terminationMessagePolicy } = this.settings
    const written = machine.files.exists(terminationMessagePath) ? machine.files.readText(terminationMessagePath) : ''
    if (written !== '') return written.slice(0, 4096)
    return terminationMessagePolicy === 'FallbackToLogsOnError' && this.exitCode !== 0 ? this.log.tail() : ''
  }
}

/** Why runc would not start a program, or undefined. */
export function refusalOf(
  machine: Machine,
  argv: readonly string[],
  environment: ReadonlyMap<string, string>,
  workingDirectory: string,
): string | undefined {
  const [name = ''] = argv
  const why = (reason: string) => `unable to start container process: ${reason}: unknown`
  if (
    workingDirectory !== '/' &&
    machine.files.exists(workingDirectory) &&
    !machine.files.isDirectory(workingDirectory)
  )
    return why(`chdir to cwd ("${workingDirectory}") set in config.json failed: not a directory`)
  try {
    const file = findCommand(machine.files, environment.get('PATH') ?? '', workingDirectory, name)
    if (file === undefined) return why(`exec: "${name}": executable file not found in $PATH`)
    const stat = machine.files.stat(file)
    if (stat.kind === 'directory') return why(`exec: "${name}": is a directory`)
    if (!machine.files.may('execute', file)) return why(`exec: "${name}": permission denied`)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    return why(`exec: "${name}": stat ${name}: ${error.text.toLowerCase()}`)
  }
  return undefined
}
