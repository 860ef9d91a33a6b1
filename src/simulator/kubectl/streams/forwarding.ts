import type { Pod } from '../../cluster/kinds/pod.ts'
import { goSocketError, socketFaultOf } from '../../machine/socketFailure.ts'
import { serveTcp, type TcpStream } from '../../machine/tcp.ts'
import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { pathOf } from '../server/resource.ts'
import type { ListenAddress, PortPair } from './forwardedPorts.ts'
import { openSession } from './session.ts'

/** Ports of the workstation that lead into a pod, until the pod is lost. */
export class Forwarding {
  readonly #invocation: Invocation
  readonly #pod: Pod
  /** Local ports that are open. */
  readonly #taken = new Set<number>()
  #isLost = false
  #tellLoss: () => void = () => {}

  constructor(invocation: Invocation, pod: Pod) {
    this.#invocation = invocation
    this.#pod = pod
  }

  /** Opens the ports and says so; fails when none can be opened. */
  async listen(addresses: readonly ListenAddress[], pairs: readonly PortPair[]): Promise<void> {
    let opened = 0
    for (const pair of pairs) {
      const problems: string[] = []
      let local = pair.local
      for (const address of addresses) {
        const result = this.#listenAt(address, { local, remote: pair.remote })
        if (typeof result === 'number') {
          local = result
          opened++
          await this.#invocation.print(`Forwarding from ${address.label}:${local} -> ${pair.remote}\n`)
        } else {
          const reason = result.problem
          problems.push(
            `unable to create listener: Error listen ${address.network} ${address.label}:${local}: bind: ${reason}`,
          )
        }
      }
      if (problems.length === addresses.length)
        await this.#invocation.warn(
          `Unable to listen on port ${pair.local}: Listeners failed to create with the following errors: [${problems.join(' ')}]`,
        )
    }
    if (opened > 0) return
    const wanted = pairs.map(({ local, remote }) => `{${local} ${remote}}`).join(' ')
    throw new Failure(`unable to listen on any of the requested ports: [${wanted}]`)
  }

  /** Waits until the pod is gone or a connection into it failed. */
  async untilLost(): Promise<never> {
    this.#invocation.process.thread(() => this.#watchPod())
    while (!this.#isLost) {
      await this.#invocation.process.wait<void>(wake => {
        this.#tellLoss = () => wake()
      })
    }
    throw new Failure('lost connection to pod')
  }

  /** Gives the port, which is chosen when none is wanted, or what is in the way. */
  #listenAt(
    { label, value, network }: ListenAddress,
    { local, remote }: PortPair,
  ): number | { readonly problem: string } {
    // Simplified: machines speak IPv4 only, so the port of the IPv6 loopback is named and nobody can knock at it;
    // it is free whenever its IPv4 twin is.
    if (network === 'tcp6')
      return this.#taken.has(local)
        ? local
        : { problem: goSocketError(label === '[::1]' ? 'EADDRINUSE' : 'EADDRNOTAVAIL') }
    try {
      const listening = serveTcp(
        this.#invocation.process,
        local,
        stream => this.#serve(stream, listening.local.port, remote),
        value === undefined ? {} : { address: value },
      )
      this.#taken.add(listening.local.port)
      return listening.local.port
    } catch (error) {
      const code = socketFaultOf(error)
      if (!code) throw error
      return { problem: goSocketError(code) }
    }
  }

  async #serve(stream: TcpStream, local: number, remote: number): Promise<void> {
    const { process } = this.#invocation
    const { name, namespace } = this.#pod.metadata
    await this.#invocation.print(`Handling connection for ${local}\n`)
    const session = await openSession(this.#invocation, `/api/v1/namespaces/${namespace}/pods/${name}/portforward`, {
      query: { ports: String(remote) },
    })
    const arrived: Uint8Array[] = []
    let end: { readonly status: unknown } | undefined
    let wake: (() => void) | undefined
    session.onData(data => {
      arrived.push(data as Uint8Array)
      wake?.()
    })
    session.onEnd(status => {
      end = { status }
      wake?.()
    })
    process.thread(async () => {
      try {
        for (;;) {
          const bytes = await stream.read()
          session.send(bytes, 0)
          if (!bytes) return
        }
      } catch (error) {
        if (!socketFaultOf(error)) throw error
        session.close()
      }
    })
    for (;;) {
      const bytes = arrived.shift()
      if (bytes) await stream.write(bytes)
      else if (end) break
      else
        await process.wait<void>(go => {
          wake = () => go()
        })
    }
    const failure = end.status as { readonly message?: string } | undefined
    if (!failure?.message) return
    const told = `an error occurred forwarding ${local} -> ${remote}: ${failure.message}`
    await this.#invocation.log('E', `portforward.go:522] "Unhandled Error" err=${JSON.stringify(told)}`)
    stream.close()
    this.#lose()
  }

  async #watchPod(): Promise<void> {
    const { api } = this.#invocation
    const { name, namespace } = this.#pod.metadata
    const resource = (await this.#invocation.resources()).ofKind('v1', 'Pod')
    const fieldSelector = `metadata.name=${name}`
    for (;;) {
      const list = await api.list(resource, namespace, { fieldSelector })
      if (!list.items[0] || isOver(list.items[0] as unknown as Pod)) return this.#lose()
      const watch = await api.watch(pathOf(resource, namespace), {
        query: { fieldSelector, resourceVersion: list.metadata.resourceVersion },
      })
      try {
        for (;;) {
          const event = await watch.next(longestWatch)
          if (!event) break
          if (event.type === 'DELETED' || isOver(event.object as unknown as Pod)) return this.#lose()
        }
      } finally {
        watch.close()
      }
    }
  }

  #lose(): void {
    this.#isLost = true
    this.#tellLoss()
  }
}

/** After this time, in milliseconds, the watch of the pod is opened anew. */
const longestWatch = 600_000

function isOver({ status }: Pod): boolean {
  return status.phase === 'Succeeded' || status.phase === 'Failed'
}
