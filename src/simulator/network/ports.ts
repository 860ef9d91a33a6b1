import type { Endpoint } from './sockets.ts'

/** Sockets by port; several may share one when their addresses differ. */
export class PortRegister<T extends { readonly local: Endpoint }> {
  #sockets = new Map<number, T[]>()

  add(socket: T): void {
    const { port } = socket.local
    this.#sockets.set(port, [...(this.#sockets.get(port) ?? []), socket])
  }

  remove(port: number, socket: T): void {
    const rest = this.#sockets.get(port)?.filter(other => other !== socket)
    if (rest && rest.length > 0) this.#sockets.set(port, rest)
    else this.#sockets.delete(port)
  }

  has(socket: T): boolean {
    return this.#sockets.get(socket.local.port)?.includes(socket) ?? false
  }

  /** The socket that takes what comes for an address: one bound to it before one that takes all. */
  find(address: number, port: number): T | undefined {
    const sockets = this.#sockets.get(port)
    if (!sockets) return undefined
    return sockets.find(({ local }) => local.address === address) ?? sockets.find(({ local }) => local.address === 0)
  }

  /** Whether another socket stands in the way of one for this address and port. */
  isTaken(address: number, port: number): boolean {
    const sockets = this.#sockets.get(port)
    return sockets?.some(({ local }) => local.address === 0 || address === 0 || local.address === address) ?? false
  }

  all(): T[] {
    return [...this.#sockets.values()].flat()
  }
}
