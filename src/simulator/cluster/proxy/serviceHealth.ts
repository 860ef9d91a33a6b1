import type { HttpAnswer } from '../../machine/httpServer.ts'
import { serveHttp } from '../../machine/httpServer.ts'
import type { Process } from '../../machine/program.ts'
import type { TcpListening } from '../../machine/tcp.ts'
import { SocketError } from '../../network/socketError.ts'
import type { Target } from './mode.ts'

interface Listening {
  readonly name: string
  readonly listener: TcpListening
}

/**
 * Answers on `healthCheckNodePort`s: a load balancer outside learns which nodes have an endpoint of their own. Source:
 * kubernetes/pkg/proxy/healthcheck/service_health.go.
 */
export class ServiceHealth {
  readonly #process: Process
  readonly #listening = new Map<number, Listening>()
  /** The ready endpoints of this node, by Service. */
  #local = new Map<string, number>()

  constructor(process: Process) {
    this.#process = process
  }

  /** Opens and closes ports as the Services want. */
  sync(targets: readonly Target[]): void {
    const addresses = new Map<string, Set<string>>()
    const wanted = new Map<number, string>()
    for (const { port, reachable } of targets) {
      if (!port.healthCheckPort) continue
      const name = port.name.split(':')[0]!
      wanted.set(port.healthCheckPort, name)
      const own = addresses.get(name) ?? new Set<string>()
      addresses.set(name, own)
      for (const { address, isReady } of reachable.local) if (isReady) own.add(address)
    }
    this.#local = new Map([...addresses].map(([name, own]) => [name, own.size]))
    for (const [number, { name, listener }] of this.#listening) {
      if (wanted.get(number) === name) continue
      listener.close()
      this.#listening.delete(number)
    }
    for (const [number, name] of wanted) if (!this.#listening.has(number)) this.#open(number, name)
  }

  #open(number: number, name: string): void {
    try {
      const listener = serveHttp(this.#process, number, () => this.#answer(name), { isDualStack: true })
      this.#listening.set(number, { name, listener })
    } catch (error) {
      // A port that is taken stays so; the next sync tries again.
      if (!(error instanceof SocketError)) throw error
    }
  }

  #answer(name: string): HttpAnswer {
    const count = this.#local.get(name) ?? 0
    const [namespace, service] = name.split('/')
    return {
      status: count > 0 ? 200 : 503,
      headers: {
        'Content-Type': 'application/json',
        'X-Content-Type-Options': 'nosniff',
        'X-Load-Balancing-Endpoint-Weight': String(count),
      },
      body: [
        '{',
        '\t"service": {',
        `\t\t"namespace": ${JSON.stringify(namespace)},`,
        `\t\t"name": ${JSON.stringify(service)}`,
        '\t},',
        `\t"localEndpoints": ${count},`,
        '\t"serviceProxyHealthy": true',
        '}',
      ].join('\n'),
    }
  }
}
