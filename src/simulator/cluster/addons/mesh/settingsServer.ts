import { ByteReader, type ByteStream } from '../../../machine/byteStream.ts'
import { bytesOf } from '../../../machine/bytes.ts'
import type { Certificate } from '../../../machine/certificate.ts'
import type { Process } from '../../../machine/program.ts'
import { serveTcp, type TcpStream } from '../../../machine/tcp.ts'
import { acceptTls, TlsError } from '../../../machine/tls.ts'
import { SocketError } from '../../../network/socketError.ts'
import type { Client } from '../../client.ts'
import { configMap } from '../../kinds/configMap.ts'
import { endpointSlice } from '../../kinds/endpointSlice.ts'
import type { Kind } from '../../kinds/kind.ts'
import { namespace } from '../../kinds/namespace.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import { service } from '../../kinds/service.ts'
import { lifetime, type WorkloadIdentity } from './identity.ts'
import { type ProxySettings, type SettingsChange, type SettingsSection, settingsSections } from './settings.ts'

// Changes are gathered until nothing has happened for a while, but not for ever: milliseconds (PILOT_DEBOUNCE_AFTER and
// PILOT_DEBOUNCE_MAX of Istio).
const quietTime = 100
const longestWait = 10_000

/** What a proxy says first: a token that says which pod it stands beside. */
export interface Greeting {
  readonly token: string
}

/** What a proxy is told: who it is, and its settings; each again whenever it changes. */
export interface Notice {
  readonly identity?: WorkloadIdentity
  readonly settings?: SettingsChange
}

/** What is special about the control plane of one kind of mesh. */
export interface SettingsSource {
  /** Whom the tokens of its proxies are for. */
  readonly audience: string
  /** What it shows in handshakes. */
  certificates(): readonly Certificate[]
  /** Whether settings depend on objects of a kind, besides Kubernetes' own. */
  dependsOn(kind: Kind): boolean
  /** Reads what there is, and gives what makes settings from it; undefined for those who want no settings here. */
  read?(): (pod: Pod) => ProxySettings
  /** A certificate for a pod, where this is the place to get one. */
  identify?(pod: Pod): WorkloadIdentity
  onConnected?(pod: string, count: number): Promise<void>
  onGone?(pod: string): Promise<void>
}

interface Subscriber {
  readonly pod: string
  readonly namespace: string
  readonly stream: ByteStream
  /** The text of each entry that it has been told. */
  readonly entries: Readonly<Record<SettingsSection, Map<string, string>>>
  rest: string
}

// Simplified: proxies are told what has changed as JSON over TLS, not in the messages of xDS or of Linkerd's own protocol.
/** Tells proxies what they are to know, as long as they are connected. */
export class SettingsServer {
  readonly #process: Process
  readonly #client: Client
  readonly #source: SettingsSource
  readonly #subscribers = new Set<Subscriber>()
  #isPlanned = false
  #changedAt = 0

  constructor(process: Process, client: Client, source: SettingsSource) {
    this.#process = process
    this.#client = client
    this.#source = source
  }

  listen(port: number): void {
    serveTcp(this.#process, port, stream => this.#serve(stream), { isDualStack: true })
    if (!this.#source.read) return
    const own = [service, endpointSlice, pod, configMap, namespace] as unknown as Kind[]
    const stops = [...own, ...this.#client.kinds().filter(kind => this.#source.dependsOn(kind))].map(kind =>
      this.#client.watch(kind, () => this.#plan()),
    )
    this.#process.onExit(() => {
      for (const stop of stops) stop()
    })
  }

  /** The pods whose proxies are connected: `name.namespace`. */
  get connected(): string[] {
    return [...this.#subscribers].map(nameOf)
  }

  #plan(): void {
    const { clock } = this.#process.kernel
    this.#changedAt = clock.now
    if (this.#isPlanned || this.#subscribers.size === 0) return
    this.#isPlanned = true
    const end = clock.now + longestWait
    this.#process.thread(async () => {
      for (let at = -1; at < this.#changedAt && clock.now < end; ) {
        at = clock.now
        await this.#process.sleep(quietTime)
      }
      this.#isPlanned = false
      const make = this.#source.read!()
      const texts = new WeakMap<object, string>()
      for (const each of [...this.#subscribers]) await this.#push(each, make, texts)
    })
  }

  /** Tells a proxy what it does not know yet; the text of an entry that many get is made once. */
  async #push(
    subscriber: Subscriber,
    make: (pod: Pod) => ProxySettings,
    texts: WeakMap<object, string>,
  ): Promise<void> {
    const found = this.#client.get(pod, subscriber.pod, subscriber.namespace)
    if (!found) return
    const { listeners, routes, clusters, peers, ...rest } = make(found)
    const wanted = { listeners, routes, clusters, peers }
    const changes = settingsSections.map(section => {
      const lines = changesOf(subscriber.entries[section], wanted[section], texts)
      return `${JSON.stringify(section)}:{${lines.join(',')}}`
    })
    const text = JSON.stringify(rest)
    const isNew = text !== subscriber.rest
    if (!isNew && changes.every(change => change.endsWith(':{}'))) return
    subscriber.rest = text
    try {
      const restText = isNew ? `,"rest":${text}` : ''
      await subscriber.stream.write(bytesOf(`{"settings":{"entries":{${changes.join(',')}}${restText}}}\n`))
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
      this.#subscribers.delete(subscriber)
    }
  }

  async #serve(tcp: TcpStream): Promise<void> {
    let subscriber: Subscriber | undefined
    try {
      const chain = this.#source.certificates()
      const stream = await acceptTls(tcp, this.#process.kernel.random, { certificates: () => chain })
      const reader = new ByteReader(stream)
      const line = await reader.line()
      const found = line === undefined ? undefined : this.#bearer(line)
      if (!found) return stream.close()
      const { name, namespace: home = 'default' } = found.metadata
      const entries = { listeners: new Map(), routes: new Map(), clusters: new Map(), peers: new Map() }
      subscriber = { pod: name, namespace: home, stream, entries, rest: '' }
      this.#subscribers.add(subscriber)
      await this.#source.onConnected?.(nameOf(subscriber), this.#subscribers.size)
      await this.#identify(found, subscriber)
      if (this.#source.read) await this.#push(subscriber, this.#source.read(), new WeakMap())
      while (await reader.line());
    } catch (error) {
      if (!(error instanceof SocketError || error instanceof TlsError || error instanceof SyntaxError)) throw error
    } finally {
      // Also when the control plane itself ends: then there is nobody left to write.
      if (subscriber && this.#process.state !== 'ended') {
        this.#subscribers.delete(subscriber)
        await this.#source.onGone?.(nameOf(subscriber))
      }
    }
  }

  /** A certificate now, and another one when half of its time is over. */
  async #identify(found: Pod, subscriber: Subscriber): Promise<void> {
    const { identify } = this.#source
    if (!identify) return
    await tell(subscriber.stream, { identity: identify(found) })
    this.#process.thread(async () => {
      await this.#process.sleep(lifetime / 2)
      if (this.#subscribers.has(subscriber)) await this.#identify(found, subscriber)
    })
  }

  /** The pod that the token of a greeting speaks for. */
  #bearer(greeting: string): Pod | undefined {
    try {
      const { token } = JSON.parse(greeting) as Greeting
      const payload = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')
      const claims = JSON.parse(atob(payload)) as {
        aud: string[]
        'kubernetes.io': { namespace: string; pod: { name: string } }
      }
      if (!claims.aud.includes(this.#source.audience)) return undefined
      const { namespace: home, pod: bearer } = claims['kubernetes.io']
      return this.#client.get(pod, bearer.name, home)
    } catch {
      return undefined
    }
  }
}

function nameOf({ pod: name, namespace: home }: Pick<Subscriber, 'pod' | 'namespace'>): string {
  return `${name}.${home}`
}

function tell(stream: ByteStream, notice: Notice): Promise<void> {
  return stream.write(bytesOf(`${JSON.stringify(notice)}\n`))
}

/** Entries that are new, as JSON, and null for those that have gone; takes note of them. */
function changesOf(
  known: Map<string, string>,
  wanted: Readonly<Record<string, object>>,
  texts: WeakMap<object, string>,
): string[] {
  const lines: string[] = []
  for (const [name, entry] of Object.entries(wanted)) {
    let text = texts.get(entry)
    if (text === undefined) {
      text = JSON.stringify(entry)
      texts.set(entry, text)
    }
    if (known.get(name) === text) continue
    known.set(name, text)
    lines.push(`${JSON.stringify(name)}:${text}`)
  }
  for (const name of known.keys())
    if (!(name in wanted)) {
      known.delete(name)
      lines.push(`${JSON.stringify(name)}:null`)
    }
  return lines
}
