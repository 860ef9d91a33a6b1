import type { NetworkNamespace } from '../network/namespace.ts'
import { defaultPath } from './executable.ts'
import type { FileSystem } from './files.ts'
import type { Kernel } from './kernel.ts'
import { mountProc } from './proc.ts'
import { RunningProcess } from './process.ts'
import type { Flavour, Process, Spawn, User } from './program.ts'
import type { Unit } from './unit.ts'
import { Users } from './users.ts'

/** 2026-03-02T09:00:00Z: the wall-clock time at which a lab's clock stands at zero. */
export const defaultEpoch = 1_772_442_000_000

/** Simplified: what a process may hold on a machine without a limit, far below what real machines have. */
const defaultMemory = 256 * 1024 * 1024

/** How a machine is made. */
export interface MachineOptions {
  readonly kernel: Kernel
  readonly name: string
  readonly hostname?: string
  readonly files: FileSystem
  readonly network: NetworkNamespace
  readonly flavour?: Flavour
  /** The node that a container runs on; its processes appear there too, under other numbers. */
  readonly parent?: Machine
  /** Milliseconds since 1970 when the clock stands at zero. */
  readonly epoch?: number
  /** The number that the first process gets. */
  readonly firstPid?: number
  /** Another machine whose processes are seen and numbered together with the ones here: one PID namespace for both. */
  readonly processesOf?: Machine
  /** Bytes that a process may hold, for containers with a limit. */
  readonly memoryLimit?: number
  /** Processor cores that its processes may use together, for containers with a limit. */
  readonly processorLimit?: number
}

/** What the processes of a machine use. */
export interface Usage {
  /** Milliseconds of processor time since it was switched on. */
  readonly processor: number
  /** Bytes. */
  readonly memory: number
}

/** Processes that see each other by their numbers: a PID namespace. */
class ProcessSpace {
  readonly processes = new Map<number, RunningProcess>()
  readonly numbers = new Map<Process, number>()
  #next: number

  constructor(first: number) {
    this.#next = first
  }

  add(process: RunningProcess): number {
    const pid = this.#next++
    this.processes.set(pid, process)
    this.numbers.set(process, pid)
    return pid
  }

  remove(process: RunningProcess): number | undefined {
    const pid = this.numbers.get(process)
    if (pid === undefined) return undefined
    this.numbers.delete(process)
    this.processes.delete(pid)
    return pid
  }

  killAll(): void {
    for (const process of [...this.processes.values()]) process.kill('SIGKILL')
  }
}

/** A machine: files, users, processes and a network of its own. A container is a machine whose parent is a node. */
export class Machine {
  readonly kernel: Kernel
  readonly name: string
  readonly files: FileSystem
  readonly network: NetworkNamespace
  readonly flavour: Flavour
  readonly parent: Machine | undefined
  readonly users: Users
  readonly epoch: number
  /** When it was switched on, in milliseconds of the clock. */
  readonly bootTime: number
  hostname: string
  /** Machines that `ssh` reaches from here, by name. */
  peers: ReadonlyMap<string, Machine> = new Map()
  /** What systemd looks after on it, by name. */
  readonly units = new Map<string, Unit>()
  /** Opens a file for a person to change; absent where nobody can look at it. */
  editor: ((path: string) => Promise<void>) | undefined
  /** Bytes that a process may hold before the kernel kills it. */
  memoryLimit: number
  /** Whether the kernel has had to kill a process for memory. */
  hasRunOutOfMemory = false
  /** Processor cores that its processes may use together. */
  processorLimit: number
  #processorTime = 0
  #idleSince: number
  #idleLoad = 0
  readonly #space: ProcessSpace
  /** Where the same processes have other numbers. */
  readonly #outer: Machine | undefined

  constructor(options: MachineOptions) {
    this.kernel = options.kernel
    this.name = options.name
    this.hostname = options.hostname ?? options.name
    this.files = options.files
    this.network = options.network
    this.parent = options.parent
    this.flavour = options.flavour ?? options.parent?.flavour ?? 'gnu'
    this.epoch = options.epoch ?? options.parent?.epoch ?? defaultEpoch
    this.users = new Users(options.files)
    this.bootTime = options.kernel.clock.now
    this.memoryLimit = options.memoryLimit ?? options.parent?.memoryLimit ?? defaultMemory
    this.processorLimit = options.processorLimit ?? options.parent?.processorLimit ?? Number.POSITIVE_INFINITY
    this.#idleSince = this.bootTime
    const { parent, processesOf } = options
    this.#space = processesOf ? processesOf.#space : new ProcessSpace(options.firstPid ?? 1)
    this.#outer = parent && parent.#space !== this.#space ? parent : undefined
    mountProc(this)
  }

  /** Wall-clock time in milliseconds since 1970. */
  now(): number {
    return this.epoch + this.kernel.clock.now
  }

  /** Starts a process that no other process asked for: a daemon, a login, a container's first process. */
  start(command: Spawn): Process {
    return new RunningProcess(this, undefined, command)
  }

  /** Changes what its processes may use; what is left out, the machine that it runs on decides. */
  limit({ processor, memory }: { readonly processor?: number; readonly memory?: number }): void {
    this.processorLimit = processor ?? this.parent?.processorLimit ?? Number.POSITIVE_INFINITY
    this.memoryLimit = memory ?? this.parent?.memoryLimit ?? defaultMemory
  }

  /** Counts processor time of its processes. */
  countProcessorTime(duration: number): void {
    this.#processorTime += duration
    this.parent?.countProcessorTime(duration)
  }

  /** Counts what a program uses for as long as it runs, in thousandths of a core; below zero when it ends. */
  changeIdleLoad(change: number): void {
    const { now } = this.kernel.clock
    this.#processorTime += ((now - this.#idleSince) * this.#idleLoad) / 1000
    this.#idleSince = now
    this.#idleLoad += change
    this.parent?.changeIdleLoad(change)
  }

  /** What its processes use, those of its containers included. */
  usage(): Usage {
    this.changeIdleLoad(0)
    let memory = 0
    for (const process of this.processes.values()) if (this.#holds(process.machine)) memory += process.memory
    return { processor: this.#processorTime, memory }
  }

  /** The environment of a process that inherits none. */
  environment(user: User): Map<string, string> {
    return new Map([
      ['PATH', defaultPath],
      ['HOME', user.home],
    ])
  }

  /** Running processes by their number here, those of containers included. */
  get processes(): ReadonlyMap<number, RunningProcess> {
    return this.#space.processes
  }

  /** The number of a process as seen on this machine; its own number where it runs. */
  pidOf(process: Process): number | undefined {
    return process.machine === this ? process.pid : this.#space.numbers.get(process)
  }

  /** Gives a new process its number here and on the machines around. */
  register(process: RunningProcess): number {
    const pid = this.#space.add(process)
    this.#outer?.register(process)
    return pid
  }

  unregister(process: RunningProcess): void {
    const pid = this.#space.remove(process)
    if (pid === undefined) return
    this.#outer?.unregister(process)
    // The first process of a container takes everything with it that it is the first of.
    if (process.machine === this && pid === 1 && this.parent) this.#space.killAll()
  }

  /** Who becomes the parent of a process' children when it ends. */
  reaper(process: Process): RunningProcess | undefined {
    const first = this.processes.get(1)
    return first === process ? undefined : first
  }

  /** Ends every process on it and on what runs on it: the machine is switched off, the container is removed. */
  killAll(): void {
    for (const process of [...this.processes.values()]) if (this.#holds(process.machine)) process.kill('SIGKILL')
  }

  #holds(machine: Machine | undefined): boolean {
    return machine !== undefined && (machine === this || this.#holds(machine.parent))
  }

  /** What is different from the image, and what runs, as plain JSON. */
  snapshot() {
    return {
      hostname: this.hostname,
      files: this.files.snapshot(),
      units: [...this.units.values()].map(({ name, state, isEnabled }) => ({ name, state, isEnabled })),
      processes: [...this.processes.values()]
        .filter(process => process.machine === this)
        .map(({ pid, parent, argv, cwd, user, state }) => ({
          pid,
          parent: parent?.pid ?? 0,
          argv: [...argv],
          cwd,
          user: user.name,
          state,
        })),
    }
  }
}
