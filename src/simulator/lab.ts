import { Clock } from './clock.ts'
import type { ApiServer } from './cluster/apiserver/apiServer.ts'
import type { Cluster } from './cluster/cluster.ts'
import type { LabEvent } from './eventLog.ts'
import type { Ran, World } from './grading/world.ts'
import type { LabDefinition } from './labDefinition.ts'
import { chosenValues, filledIn } from './labParameters.ts'
import { Kernel } from './machine/kernel.ts'
import { defaultEpoch } from './machine/machine.ts'
import { Network } from './network/network.ts'
import type { PacketPath } from './packetPath.ts'
import { Random } from './random.ts'
import { RequestLog } from './requestLog.ts'
import { digest } from './stateHash.ts'
import type { Topology } from './topology.ts'
import { Workstation } from './workstation.ts'

/** How long objects must rest for the cluster to count as settled, and how long anyone waits for it: milliseconds. */
const restTime = 3000
const longestSettling = 180_000

/** Where the manifests of the start lie while they are applied. */
const startFolder = '/tmp/start'

/** When the cluster begins to boot: by then a shell that was opened at once has prompted. Milliseconds. */
export const promptTime = 5

/** How a replay goes on. */
export interface ReplayOptions {
  /** Simulated time to go on to after the last event. */
  readonly until?: number
  /** Gets what the terminal prints. */
  readonly onOutput?: (text: string) => void
  /** Asked between events: a promise lets others work meanwhile. */
  readonly yieldAfter?: () => Promise<void> | undefined
}

/**
 * One lesson's world: a cluster, a workstation, and the log of all that came in from outside. The same definition,
 * seed and log give the same state, on any machine.
 */
export class Lab {
  readonly definition: LabDefinition
  readonly seed: number
  /** What the seed chose for this learner, by name. */
  readonly parameters: Readonly<Record<string, string>>
  #log: LabEvent[] = []
  #answers = new Map<string, string>()
  readonly #kernel: Kernel
  readonly #network: Network
  #clusterOrNone: Cluster | undefined
  #topologyOf: (() => Topology) | undefined
  readonly #workstation: Workstation
  readonly #requests: RequestLog
  readonly #epoch: number

  private constructor(definition: LabDefinition, seed: number, epoch: number) {
    this.definition = definition
    this.seed = seed
    this.parameters = chosenValues(definition.parameters ?? {}, seed)
    this.#epoch = epoch
    const random = new Random(seed)
    this.#kernel = new Kernel(new Clock(), random)
    this.#network = new Network(this.#kernel.clock, random.fork('network'))
    this.#workstation = new Workstation(this.#kernel, this.#network, epoch)
    this.#requests = new RequestLog(this.#network.trace, (machine, name) => this.#cluster.placeOf(machine, name))
  }

  /**
   * Begins a lab: the workstation's shell is there at once, the cluster comes with `complete`. In between nobody may
   * type: what comes in then would find another state than in a replay.
   */
  static begin(definition: LabDefinition, seed: number): Lab {
    return new Lab(definition, seed, defaultEpoch)
  }

  /** Boots a lab as a whole; the cluster is at rest when this resolves. `epoch` is the wall clock at its beginning. */
  static async boot(definition: LabDefinition, seed: number, epoch = defaultEpoch): Promise<Lab> {
    const lab = new Lab(definition, seed, epoch)
    await lab.complete()
    return lab
  }

  /** Boots the cluster and equips the workstation. The code for both is loaded only now. */
  async complete(): Promise<void> {
    await this.#kernel.advance(promptTime - this.now)
    const [clusterModule, kubectlModule, kubehopModule, topologyModule] = [
      import('./cluster/cluster.ts'),
      import('./kubectl/kubectl.ts'),
      import('./kubehop/kubehop.ts'),
      import('./topology.ts'),
    ]
    const { Cluster } = await clusterModule
    const { createKubectl } = await kubectlModule
    const { createKubehop } = await kubehopModule
    const { topologyOf } = await topologyModule
    const cluster = await Cluster.boot({
      kernel: this.#kernel,
      network: this.#network,
      workstation: this.#workstation.machine,
      definition: this.definition.cluster,
      epoch: this.#epoch,
    })
    this.#clusterOrNone = cluster
    this.#topologyOf = () =>
      topologyOf({ client: cluster.client, nodes: cluster.nodes, workstation: cluster.workstation })
    const kubectl = createKubectl((process, server) => cluster.transport(process, server))
    const kubehop = createKubehop(cluster, () => this.definition.language ?? 'en')
    this.#workstation.equip(this.#filled(this.definition.files), [kubectl, kubehop], cluster.machines)
    await this.#kernel.advance(1)
    await this.#setOut()
  }

  /** Brings about what the learner is to find; what fails is the author's mistake. */
  async #setOut(): Promise<void> {
    const { start } = this.definition
    if (!start) return
    const run = async (command: string) => {
      const { status, stderr } = await this.#run(command, longestSettling)
      if (status !== 0) throw new Error(`start: ${command}: ${stderr.trim() || `exit status ${status}`}`)
    }
    const { files } = this.#workstation.machine
    for (const [path, text] of Object.entries(this.#filled(start.manifests))) {
      const place = `${startFolder}/${path}`
      files.mkdir(place.slice(0, place.lastIndexOf('/')), { parents: true })
      files.writeText(place, text)
    }
    if (Object.keys(start.manifests).length > 0) await run(`kubectl apply -R -f ${startFolder}`)
    files.removeTree(startFolder)
    for (const command of start.commands) await run(filledIn(command, this.parameters))
    await this.settle()
    this.#requests.forget()
  }

  #filled(texts: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, filledIn(text, this.parameters)]))
  }

  /** Makes the state that a log describes. */
  static async replay(
    definition: LabDefinition,
    seed: number,
    log: readonly LabEvent[],
    { until = 0, onOutput, yieldAfter }: ReplayOptions = {},
  ): Promise<Lab> {
    const lab = Lab.begin(definition, seed)
    const stop = onOutput && lab.#workstation.onOutput(onOutput)
    const early = log.findIndex(event => event.at >= promptTime)
    const first = log.slice(0, early < 0 ? log.length : early)
    for (const event of first) await lab.#apply(event)
    await lab.complete()
    for (const event of log.slice(first.length)) {
      await lab.#advanceTo(event.at, yieldAfter)
      await lab.#apply(event)
    }
    await lab.#advanceTo(until, yieldAfter)
    stop?.()
    return lab
  }

  /** Simulated milliseconds since the clock began. */
  get now(): number {
    return this.#kernel.clock.now
  }

  /** When the next thing is due, if anything is: simulated milliseconds. */
  get nextEvent(): number | undefined {
    return this.#kernel.clock.next
  }

  /** True when no program has anything to do at this moment. */
  get isIdle(): boolean {
    return this.#kernel.isIdle
  }

  /** True while the learner's shell waits for a command. */
  get isAtRest(): boolean {
    return this.#workstation.isPrompting
  }

  get log(): readonly LabEvent[] {
    return this.#log
  }

  get answers(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#answers)
  }

  /** Grows with every change of the cluster's objects, heartbeats aside. */
  get version(): number {
    return this.#cluster.apiServer.version
  }

  /** Opens the learner's terminal with a shell in it. */
  openTerminal(columns: number, rows: number): void {
    this.#record({ at: this.now, type: 'open', terminal: 1, columns, rows })
  }

  resizeTerminal(columns: number, rows: number): void {
    this.#record({ at: this.now, type: 'resize', terminal: 1, columns, rows })
  }

  /** Keys from the learner's keyboard. */
  input(text: string): void {
    this.#record({ at: this.now, type: 'input', terminal: 1, text })
  }

  /** A file of the working directory, changed in the editor. */
  saveFile(path: string, text: string): void {
    this.#record({ at: this.now, type: 'file', path, text })
  }

  /** What was chosen in a prediction or a question. */
  answer(question: string, value: string): void {
    this.#record({ at: this.now, type: 'answer', question, value })
  }

  /** Runs a command line in the workstation's shell, without a terminal, until it ends. */
  async run(command: string, within = longestSettling): Promise<Ran> {
    this.#log.push({ at: this.now, type: 'run', command })
    return this.#run(command, within)
  }

  /** Calls back with what the terminal prints. */
  onOutput(listener: (text: string) => void): () => void {
    return this.#workstation.onOutput(listener)
  }

  /** Calls back with an error of the simulator's own. */
  onBug(listener: (error: unknown) => void): void {
    this.#kernel.onBug = listener
  }

  /** Lets simulated time pass; `until` may stop it between two milliseconds. */
  async advance(duration: number, until?: () => boolean): Promise<void> {
    await this.#kernel.advance(duration, until)
  }

  /** Lets time pass until the cluster has rested for a while. */
  async settle(): Promise<void> {
    const end = this.now + longestSettling
    while (this.now < end && !this.#isSettled) await this.#kernel.advance(this.#restLeft)
  }

  /** Like `settle`, a part at a time: true when the cluster rests. */
  async advanceUntilQuiet(until: () => boolean): Promise<boolean> {
    if (!this.#isSettled) await this.#kernel.advance(this.#restLeft, until)
    return this.#isSettled
  }

  /** What a grader may use; commands that it runs go into this lab, so give it a copy. */
  world({ yieldAfter }: Pick<ReplayOptions, 'yieldAfter'> = {}): World {
    const lab = this
    return {
      client: this.#cluster.apiServer.client('kubehop:grader'),
      answers: this.#answers,
      parameters: this.parameters,
      async run(command, within) {
        await yieldAfter?.()
        return lab.#run(command, within ?? longestSettling)
      },
      get requests() {
        return lab.#requests.all()
      },
    }
  }

  /**
   * The API server, for clients outside of the lab: who asks must have been made sure of. What they ask for is not in
   * the log, so a replay lacks it.
   */
  async apiServer(): Promise<ApiServer> {
    const { apiServer } = this.#cluster
    const { loadApiWords } = await import('./cluster/api/openapi/words.ts')
    apiServer.words ??= await loadApiWords()
    return apiServer
  }

  /** Text files of the working directory. */
  files(): { path: string; text: string }[] {
    return this.#workstation.files()
  }

  topology(): Topology {
    return this.#topologyOf?.() ?? { machines: [], services: [] }
  }

  /** The latest request of the learner's, with a number that changes when more of it is known. */
  lastRequest(): { readonly version: number; path(): PacketPath } | undefined {
    return this.#requests.last()
  }

  /** A digest of all state: objects, files, interfaces, routes, rules, connections and processes. */
  stateHash(): string {
    return digest({
      now: this.now,
      objects: this.#cluster.apiServer.snapshot(),
      namespaces: this.#network.snapshot(),
      machines: this.#cluster.snapshot(),
      answers: this.answers,
    })
  }

  get #cluster(): Cluster {
    if (!this.#clusterOrNone) throw new Error('unreachable: the cluster has not booted')
    return this.#clusterOrNone
  }

  get #restLeft(): number {
    return Math.max(1, this.#cluster.apiServer.lastChange() + restTime - this.now)
  }

  get #isSettled(): boolean {
    return this.#cluster.apiServer.lastChange() + restTime <= this.now
  }

  #record(event: Exclude<LabEvent, { type: 'run' }>): void {
    this.#log.push(event)
    this.#take(event)
  }

  async #apply(event: LabEvent): Promise<void> {
    this.#log.push(event)
    if (event.type === 'run') await this.#run(event.command, longestSettling)
    else this.#take(event)
  }

  #take(event: Exclude<LabEvent, { type: 'run' }>): void {
    switch (event.type) {
      case 'open':
        return this.#workstation.open(event.columns, event.rows)
      case 'input':
        return this.#workstation.input(event.text)
      case 'resize':
        return this.#workstation.resize(event.columns, event.rows)
      case 'file':
        return this.#workstation.save(event.path, event.text)
      case 'answer':
        this.#answers.set(event.question, event.value)
    }
  }

  async #run(command: string, within: number): Promise<Ran> {
    const running = this.#workstation.run(command)
    await this.#kernel.advance(within, () => running.isOver)
    return running.isOver ? running.result : running.stop(within)
  }

  async #advanceTo(time: number, yieldAfter: ReplayOptions['yieldAfter']): Promise<void> {
    if (time > this.now) {
      let pause: Promise<void> | undefined
      while (this.now < time) {
        await this.#kernel.advance(time - this.now, () => (pause = yieldAfter?.()) !== undefined)
        if (pause) await pause
        pause = undefined
      }
    }
  }
}
