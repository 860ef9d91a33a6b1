/** Lists of addresses that `-m recent` keeps: address to the times at which it was seen, oldest first. */
export class RecentLists {
  #lists = new Map<string, Map<number, number[]>>()
  static readonly #longest = 100
  static readonly #stamps = 20

  /** The lists, as /proc/net/xt_recent holds them. */
  get lists(): ReadonlyMap<string, ReadonlyMap<number, readonly number[]>> {
    return this.#lists
  }

  /** Notes that an address was seen. */
  set(name: string, address: number, now: number): void {
    let list = this.#lists.get(name)
    if (!list) {
      list = new Map()
      this.#lists.set(name, list)
    }
    const stamps = list.get(address) ?? []
    list.delete(address)
    list.set(address, [...stamps, now].slice(-RecentLists.#stamps))
    if (list.size > RecentLists.#longest) list.delete(list.keys().next().value!)
  }

  /** Whether an address was seen, within so many seconds and so often if that is asked for. */
  has(name: string, address: number, now: number, seconds?: number, hitCount = 1): boolean {
    const stamps = this.#lists.get(name)?.get(address)
    if (!stamps) return false
    const since = seconds === undefined ? Number.NEGATIVE_INFINITY : now - seconds * 1000
    return stamps.filter(stamp => stamp >= since).length >= hitCount
  }

  /** Forgets an address; false when it was not there. */
  remove(name: string, address: number): boolean {
    return this.#lists.get(name)?.delete(address) ?? false
  }

  /** Forgets addresses that were last seen more than so many seconds ago. */
  reap(name: string, now: number, seconds: number): void {
    const list = this.#lists.get(name)
    if (list) for (const [address, stamps] of list) if (stamps.at(-1)! < now - seconds * 1000) list.delete(address)
  }

  /** Forgets lists that no rule names any more. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#lists.keys()) if (!names.has(name)) this.#lists.delete(name)
  }
}
