import { contains, formatIpv4, formatPrefix, parsePrefix } from '../../../network/address.ts'
import type { Client } from '../../client.ts'
import type { Kind } from '../../kinds/kind.ts'
import { type BlockAffinity, findCalicoKind, type IpamBlock, type IpamHandle, type IpPool } from './resources.ts'

/** For whom an address is taken. */
export interface Taker {
  readonly node: string
  /** The name under which it is given back. */
  readonly handle: string
  readonly facts: Readonly<Record<string, string>>
}

const defaultBlockSize = 26

/** Hands out addresses: each node has blocks of its own, and takes the next block of a pool when they are full. */
export class Ipam {
  readonly #client: Client
  readonly #pools: Kind<IpPool>
  readonly #blocks: Kind<IpamBlock>
  readonly #affinities: Kind<BlockAffinity>
  readonly #handles: Kind<IpamHandle>

  private constructor(
    client: Client,
    kinds: readonly [Kind<IpPool>, Kind<IpamBlock>, Kind<BlockAffinity>, Kind<IpamHandle>],
  ) {
    this.#client = client
    ;[this.#pools, this.#blocks, this.#affinities, this.#handles] = kinds
  }

  /** The addresses of a cluster; undefined while the API server does not know Calico's kinds. */
  static open(client: Client): Ipam | undefined {
    const pools = findCalicoKind(client, 'IPPool')
    const blocks = findCalicoKind(client, 'IPAMBlock')
    const affinities = findCalicoKind(client, 'BlockAffinity')
    const handles = findCalicoKind(client, 'IPAMHandle')
    return pools && blocks && affinities && handles ? new Ipam(client, [pools, blocks, affinities, handles]) : undefined
  }

  /** The ranges that addresses may come from. */
  pools(): readonly IpPool[] {
    return this.#client.list(this.#pools).filter(({ spec }) => !spec.disabled)
  }

  /** The next free address of a node's blocks; undefined when there is none anywhere. */
  assign(taker: Taker, pools = this.pools()): number | undefined {
    for (const affinity of this.#affinitiesOf(taker.node)) {
      if (!pools.some(pool => isWithin(pool, affinity.spec.cidr))) continue
      const block = this.#client.get(this.#blocks, nameOf(affinity.spec.cidr))
      const place = block?.spec.unallocated[0]
      if (block && place !== undefined) return this.#take(block, place, taker)
    }
    for (const pool of pools) {
      const block = this.#claimNext(pool, taker.node)
      if (block) return this.#take(block, block.spec.unallocated[0]!, taker)
    }
    const lent = this.#client
      .list(this.#blocks)
      .find(({ spec }) => spec.unallocated.length > 0 && pools.some(pool => isWithin(pool, spec.cidr)))
    return lent && this.#take(lent, lent.spec.unallocated[0]!, taker)
  }

  /** This very address; false when it is taken, and undefined when it is in no pool. */
  assignAddress(address: number, taker: Taker): boolean | undefined {
    const pool = this.pools().find(({ spec }) => contains(parsePrefix(spec.cidr)!, address))
    if (!pool) return undefined
    const length = pool.spec.blockSize ?? defaultBlockSize
    const cidr = formatPrefix({ address: address - (address % 2 ** (32 - length)), length })
    const block = this.#client.get(this.#blocks, nameOf(cidr)) ?? this.#claim(cidr, taker.node)
    const place = address - parsePrefix(cidr)!.address
    if (!block.spec.unallocated.includes(place)) return false
    this.#take(block, place, taker)
    return true
  }

  /** The addresses that were taken under a name. */
  addressesOf(handle: string): number[] {
    const found = this.#client.get(this.#handles, nameOfHandle(handle))
    return Object.keys(found?.spec.block ?? {}).flatMap(cidr => {
      const block = this.#client.get(this.#blocks, nameOf(cidr))
      return block ? placesOf(block, handle).map(place => parsePrefix(cidr)!.address + place) : []
    })
  }

  /** Gives all addresses back that were taken under a name. */
  release(handle: string): void {
    const found = this.#client.get(this.#handles, nameOfHandle(handle))
    if (!found) return
    for (const cidr of Object.keys(found.spec.block)) {
      const block = this.#client.get(this.#blocks, nameOf(cidr))
      if (block) this.#giveBack(block, placesOf(block, handle))
    }
    this.#client.delete(this.#handles, found.metadata.name)
  }

  /** Gives up the blocks of a node that is gone, with all that was taken from them. */
  releaseNode(node: string): void {
    for (const affinity of this.#affinitiesOf(node)) {
      this.#client.delete(this.#affinities, affinity.metadata.name)
      if (this.#client.get(this.#blocks, nameOf(affinity.spec.cidr)))
        this.#client.delete(this.#blocks, nameOf(affinity.spec.cidr))
    }
  }

  #affinitiesOf(node: string): BlockAffinity[] {
    return this.#client.list(this.#affinities).filter(({ spec }) => spec.node === node)
  }

  // Simplified: the search begins at a digest of the node's name; Calico seeds Go's random numbers with it.
  #claimNext(pool: IpPool, node: string): IpamBlock | undefined {
    const range = parsePrefix(pool.spec.cidr)!
    const length = pool.spec.blockSize ?? defaultBlockSize
    const count = 2 ** (length - range.length)
    const first = digestOf(node) % count
    for (let i = 0; i < count; i++) {
      const address = range.address + ((first + i) % count) * 2 ** (32 - length)
      const cidr = formatPrefix({ address, length })
      if (!this.#client.get(this.#blocks, nameOf(cidr))) return this.#claim(cidr, node)
    }
    return undefined
  }

  #claim(cidr: string, node: string): IpamBlock {
    const size = 2 ** (32 - parsePrefix(cidr)!.length)
    this.#client.create(this.#affinities, {
      metadata: { name: `${node}-${nameOf(cidr)}` },
      spec: { cidr, deleted: 'false', node, state: 'confirmed', type: 'host' },
    })
    return this.#client.create(this.#blocks, {
      metadata: { name: nameOf(cidr) },
      spec: {
        affinity: `host:${node}`,
        allocations: Array.from({ length: size }, () => null),
        attributes: [],
        cidr,
        deleted: false,
        strictAffinity: false,
        unallocated: Array.from({ length: size }, (_, place) => place),
      },
    })
  }

  #take(block: IpamBlock, place: number, taker: Taker): number {
    const { spec } = block
    const allocations = [...spec.allocations]
    allocations[place] = spec.attributes.length
    const secondary = { node: taker.node, ...taker.facts }
    this.#client.update(this.#blocks, {
      ...block,
      spec: {
        ...spec,
        allocations,
        attributes: [...spec.attributes, { handle_id: taker.handle, secondary }],
        unallocated: spec.unallocated.filter(each => each !== place),
      },
    })
    this.#noteHandle(taker.handle, spec.cidr)
    return parsePrefix(spec.cidr)!.address + place
  }

  #noteHandle(handle: string, cidr: string): void {
    const found = this.#client.get(this.#handles, nameOfHandle(handle))
    if (found) {
      const block = { ...found.spec.block, [cidr]: (found.spec.block[cidr] ?? 0) + 1 }
      this.#client.update(this.#handles, { ...found, spec: { ...found.spec, block } })
    } else
      this.#client.create(this.#handles, {
        metadata: { name: nameOfHandle(handle) },
        spec: { block: { [cidr]: 1 }, deleted: false, handleID: handle },
      })
  }

  /** Freed addresses go to the end, so that none is used again at once. */
  #giveBack(block: IpamBlock, places: readonly number[]): void {
    const { spec } = block
    const gone = new Set(places.map(place => spec.allocations[place]))
    const kept = spec.attributes.flatMap((_, index) => (gone.has(index) ? [] : [index]))
    const allocations = spec.allocations.map((attribute, place) =>
      attribute === null || places.includes(place) ? null : kept.indexOf(attribute),
    )
    this.#client.update(this.#blocks, {
      ...block,
      spec: {
        ...spec,
        allocations,
        attributes: kept.map(index => spec.attributes[index]!),
        unallocated: [...spec.unallocated, ...places],
      },
    })
  }
}

function placesOf({ spec }: IpamBlock, handle: string): number[] {
  return spec.allocations.flatMap((attribute, place) =>
    attribute !== null && spec.attributes[attribute]?.handle_id === handle ? [place] : [],
  )
}

function isWithin({ spec }: IpPool, cidr: string): boolean {
  return contains(parsePrefix(spec.cidr)!, parsePrefix(cidr)!.address)
}

/** Ranges as names of objects: `10-244-120-64-26`. */
function nameOf(cidr: string): string {
  return cidr.replace(/[./]/g, '-')
}

function nameOfHandle(handle: string): string {
  return handle.toLowerCase()
}

/** FNV-1 in 32 bits. */
function digestOf(text: string): number {
  let digest = 0x811c9dc5
  for (const letter of text) digest = (Math.imul(digest, 0x01000193) ^ letter.codePointAt(0)!) >>> 0
  return digest
}

/** An address as Calico writes it down for pods: `10.244.120.65/32`. */
export function hostText(address: number): string {
  return `${formatIpv4(address)}/32`
}
