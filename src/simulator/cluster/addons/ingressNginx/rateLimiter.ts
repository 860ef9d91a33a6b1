import type { RateLimits } from './settings.ts'

/** What nginx remembers of an address: how far it is ahead of its rate, in requests, and since when. */
interface Excess {
  amount: number
  at: number
}

/** Holds addresses to their rates, each location by itself; a burst is let through at once and then worked off. */
export class RateLimiter {
  readonly #excesses = new Map<string, Excess>()

  /** Whether a request may pass; takes note of it when it may. */
  allows(location: string, address: string, limits: RateLimits, now: number): boolean {
    const rates = [
      ['s', limits.perSecond, limits.perSecond / 1000],
      ['m', limits.perMinute, limits.perMinute / 60_000],
    ] as const
    for (const [unit, rate, perMillisecond] of rates) {
      if (rate <= 0) continue
      const key = `${location} ${address} ${unit}`
      const known = this.#excesses.get(key)
      const amount = known ? Math.max(0, known.amount - (now - known.at) * perMillisecond + 1) : 0
      if (amount > rate * limits.burst) return false
      this.#excesses.set(key, { amount, at: now })
    }
    return true
  }
}
