import { FileSystem } from '../../machine/files.ts'
import { Machine } from '../../machine/machine.ts'
import type { Process, Program } from '../../machine/program.ts'
import type { NetworkNamespace } from '../../network/namespace.ts'

/** The program that holds a pod's network open and does nothing else. */
const pause: Program = {
  name: 'pause',
  summary: 'hold the namespaces of a pod',
  async run(process) {
    for (const signal of ['SIGTERM', 'SIGINT']) process.onSignal(signal, () => process.exit(0))
    await process.wait<never>(() => {})
    return 0
  },
}

const root = { uid: 0, gid: 0, name: 'root', home: '/root' }

export interface SandboxOptions {
  readonly id: string
  readonly node: Machine
  readonly network: NetworkNamespace
  readonly hostname: string
  /** 0 for a pod's first sandbox. */
  readonly attempt: number
  /** Whether all containers of the pod see each other's processes. */
  readonly sharesProcesses: boolean
}

/** What the containers of a pod share: a network namespace, a host name, and the process that keeps them. */
export class Sandbox {
  readonly id: string
  readonly node: Machine
  readonly network: NetworkNamespace
  readonly hostname: string
  readonly attempt: number
  /** /hosts, /hostname and /resolv.conf, which appear in every container's /etc. */
  readonly files: FileSystem
  /** The pod's address; undefined on the node's own network. */
  address: string | undefined
  isReady = true
  /** In milliseconds of the clock. */
  readonly createdAt: number
  /** Where its process runs, and is the first one, when containers share their processes; otherwise the node. */
  readonly machine: Machine
  readonly #pause: Process

  constructor(options: SandboxOptions, onEnd: (sandbox: Sandbox) => void) {
    const { node } = options
    this.id = options.id
    this.createdAt = node.kernel.clock.now
    this.node = node
    this.network = options.network
    this.hostname = options.hostname
    this.attempt = options.attempt
    this.files = new FileSystem({ now: () => node.now() })
    this.files.writeText('/hostname', `${options.hostname}\n`)
    this.machine = options.sharesProcesses
      ? new Machine({
          kernel: node.kernel,
          name: options.hostname,
          files: new FileSystem({ now: () => node.now() }),
          network: options.network,
          parent: node,
        })
      : node
    this.#pause = this.machine.start({
      argv: ['/pause'],
      program: pause,
      network: options.network,
      terminal: null,
      user: root,
    })
    this.#pause.onExit(() => {
      if (!this.isReady) return
      this.isReady = false
      onEnd(this)
    })
  }

  /** The number of its process on a machine. */
  pidOn(machine: Machine): number | undefined {
    return machine.pidOf(this.#pause)
  }

  get ownsNetwork(): boolean {
    return this.network !== this.node.network
  }

  /** Lets the process go that keeps it. */
  stop(): void {
    this.isReady = false
    this.#pause.kill('SIGKILL')
  }
}
