import type { Destination, VirtualService } from '../../../network/ipvs/virtualService.ts'
import type { Ipvs } from '../../../network/ipvs.ts'

/** How often destinations that are to go are looked at again. */
export const terminationInterval = 60_000

/**
 * Destinations that are no endpoints any more: they get no new connections and go when the last old one is over.
 * Source: kubernetes/pkg/proxy/ipvs/graceful_termination.go.
 */
export class GracefulTermination {
  readonly #ipvs: Ipvs
  readonly #leaving = new Map<Destination, VirtualService>()

  constructor(ipvs: Ipvs) {
    this.#ipvs = ipvs
  }

  get isEmpty(): boolean {
    return this.#leaving.size === 0
  }

  has(destination: Destination): boolean {
    return this.#leaving.has(destination)
  }

  /** Lets a destination go, at once when it has no connections; UDP has none that count. */
  begin(service: VirtualService, destination: Destination): void {
    if (this.#tryRemove(service, destination)) return
    service.setWeight(destination, 0)
    this.#leaving.set(destination, service)
  }

  /** A destination is an endpoint again. */
  end(service: VirtualService, destination: Destination): void {
    this.#leaving.delete(destination)
    service.remove(destination)
  }

  /** Removes those whose connections are over. */
  check(): void {
    // Connections that have timed out are forgotten first.
    this.#ipvs.connections()
    for (const [destination, service] of this.#leaving)
      if (!destination.isAvailable || this.#tryRemove(service, destination)) this.#leaving.delete(destination)
  }

  #tryRemove(service: VirtualService, destination: Destination): boolean {
    if (service.protocol !== 'udp' && destination.load > 0) return false
    service.remove(destination)
    return true
  }
}
