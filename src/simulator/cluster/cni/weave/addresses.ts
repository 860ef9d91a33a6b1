import type { FileSystem } from '../../../machine/files.ts'
import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import type { Share } from './range.ts'

const file = '/var/lib/weave/weave-netdata.db'

/** What a router keeps: its share of the range, and who has which address. */
interface Ledger {
  readonly share: Share
  readonly owners: Readonly<Record<string, string>>
}

/** The addresses that the router of a node hands out, as it keeps them in its database. */
// Simplified: the database is readable text here.
export class Addresses {
  readonly #files: FileSystem

  constructor(files: FileSystem) {
    this.#files = files
  }

  /** Undefined until the router has joined the others. */
  get share(): Share | undefined {
    return this.#read()?.share
  }

  get used(): number {
    return Object.keys(this.#read()?.owners ?? {}).length
  }

  open(share: Share): void {
    if (!this.#read()) this.#write({ share, owners: {} })
  }

  /** The address of an owner: the one that it has, or the lowest free one. */
  allocate(owner: string): number | undefined {
    const ledger = this.#read()
    if (!ledger) return undefined
    const { share, owners } = ledger
    const old = Object.entries(owners).find(([, each]) => each === owner)?.[0]
    if (old !== undefined) return parseIpv4(old)
    for (let address = share.first; address < share.first + share.count; address++) {
      const text = formatIpv4(address)
      // The first address of the whole range stands for the range itself.
      if (owners[text] !== undefined || (address & 0xfffff) === 0) continue
      this.#write({ share, owners: { ...owners, [text]: owner } })
      return address
    }
    return undefined
  }

  release(owner: string): void {
    const ledger = this.#read()
    if (!ledger) return
    const rest = Object.entries(ledger.owners).filter(([, each]) => each !== owner)
    this.#write({ share: ledger.share, owners: Object.fromEntries(rest) })
  }

  #read(): Ledger | undefined {
    return this.#files.exists(file) ? (JSON.parse(this.#files.readText(file)) as Ledger) : undefined
  }

  #write(ledger: Ledger): void {
    this.#files.mkdir('/var/lib/weave', { parents: true })
    this.#files.writeText(file, JSON.stringify(ledger), 0o600)
  }
}
