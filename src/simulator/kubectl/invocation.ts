import type { Transport } from '../cluster/client.ts'
import type { Process } from '../machine/program.ts'
import type { Random } from '../random.ts'
import { ClientConfig } from './config/clientConfig.ts'
import { Failure } from './failure.ts'
import type { Flags, Values } from './flags/flag.ts'
import { type GlobalFlags, globalFlags } from './flags/global.ts'
import type { ParsedFlags } from './flags/parse.ts'
import { Api } from './server/api.ts'
import { discover } from './server/discovery.ts'
import { readRequestTimeout } from './server/requestTimeout.ts'
import type { Resources } from './server/resources.ts'
import { WireLog } from './server/wireLog.ts'

/** What all calls of kubectl in one lab share. */
export interface Lab {
  /** How a process reaches a server; rejections carry a `code` such as `ECONNREFUSED`. */
  readonly transportFor: (process: Process, url: string) => Transport
  /** What servers offer, as kubectl keeps it in `~/.kube/cache`. */
  readonly discovered: Map<string, Resources>
}

/** One call of a verb: its flags and arguments, and everything it may talk to. */
export class Invocation<F extends Flags = Flags> {
  readonly process: Process
  /** The words that lead to the verb, from `kubectl` on. */
  readonly path: readonly string[]
  readonly flags: Values<F>
  readonly globals: Values<GlobalFlags>
  readonly args: readonly string[]
  /** How many arguments stood before `--`; undefined without it. */
  readonly argsBeforeDash: number | undefined
  /** The command line as change causes tell it: words first, then flags. */
  readonly commandText: string
  readonly config: ClientConfig
  readonly #given: ReadonlySet<string>
  readonly #lab: Lab
  readonly #random: Random
  #api: Api | undefined

  /** `own` are the flags of the verb: one that is called like a global flag takes its place. */
  constructor(process: Process, lab: Lab, path: readonly string[], parsed: ParsedFlags, own: Flags = {}) {
    this.process = process
    this.path = path
    this.flags = parsed.values as Values<F>
    const globals = Object.entries<Flags[string]>(globalFlags(process.env.get('HOME') ?? process.user.home))
    this.globals = Object.fromEntries(
      globals.map(([name, flag]) => [name, name in own ? flag.value : parsed.values[name]]),
    ) as Values<GlobalFlags>
    this.args = parsed.args
    this.argsBeforeDash = parsed.argsBeforeDash
    this.commandText = [...path, ...parsed.args, ...parsed.spelled.map(([name, value]) => `--${name}=${value}`)].join(
      ' ',
    )
    this.config = new ClientConfig(process, this.globals)
    this.#given = parsed.given
    this.#lab = lab
    this.#random = process.kernel.random.fork(`kubectl ${process.pid} ${process.kernel.clock.now}`)
  }

  /** Whether a flag stands on the command line. */
  has(flag: keyof F & string): boolean {
    return this.#given.has(flag)
  }

  get namespace(): string {
    return this.config.namespace
  }

  /** Wall-clock time in milliseconds since 1970. */
  get now(): number {
    return this.process.machine.now()
  }

  get random(): Random {
    return this.#random
  }

  /** The API server of the kubeconfig. */
  get api(): Api {
    if (!this.#api) {
      const { url, headers } = this.config
      const requestTimeout = readRequestTimeout(this.globals['request-timeout'])
      const transport = this.#lab.transportFor(this.process, url)
      const log = new WireLog(this.globals.v, url, this.config.files.search, line => this.log('I', line))
      const connection = { url, transport, headers, log, requestTimeout }
      this.#api = new Api(connection, this.process, this.#random, text => this.warn(text))
    }
    return this.#api
  }

  /** What the server offers; asked for once and then remembered, unless it must be fresh. */
  async resources(isFresh = false): Promise<Resources> {
    const { api } = this
    let known = this.#lab.discovered.get(api.url)
    if (!known || isFresh) {
      known = await discover(api, line => this.log('E', line))
      this.#lab.discovered.set(api.url, known)
    }
    return known
  }

  /** What the server offers; asked for anew when what is remembered does not know what is wanted. */
  async resourcesThatKnow(isKnown: (resources: Resources) => boolean): Promise<Resources> {
    const isFirst = !this.#lab.discovered.has(this.api.url)
    const remembered = await this.resources()
    return isFirst || isKnown(remembered) ? remembered : this.resources(true)
  }

  async print(text: string): Promise<void> {
    if (text) await this.process.write(text)
  }

  /** Writes a line to stderr. */
  async warn(line: string): Promise<void> {
    await this.process.stderr.write(`${line}\n`)
  }

  /** Writes a line of log to stderr, as Go's klog does: `E0302 09:00:00.000000    1234 file.go:1] …`. */
  async log(severity: 'E' | 'W' | 'I', message: string): Promise<void> {
    const time = new Date(this.now).toISOString()
    const day = time.slice(5, 10).replace('-', '')
    const clock = `${time.slice(11, 23)}${String(this.#random.below(1000)).padStart(3, '0')}`
    await this.warn(`${severity}${day} ${clock} ${String(this.process.pid).padStart(7)} ${message}`)
  }

  /** A wrong use of the verb: the message and where help is. */
  usageError(message: string): Failure {
    return new Failure(`${message}\nSee '${this.path.join(' ')} -h' for help and examples`)
  }
}
