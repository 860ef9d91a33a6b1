import { broadcastOf } from '../../../network/address.ts'
import type { Datapath } from './datapath.ts'

/** Hands out an address of the node's range by chance; nothing when all are taken. */
export function allocate(datapath: Datapath, owner: string): number | undefined {
  const { range, random } = datapath.options
  const first = range.address + 1
  const count = broadcastOf(range) - first
  const start = random.below(count)
  for (let i = 0; i < count; i++) {
    const address = first + ((start + i) % count)
    if (datapath.allocated.has(address)) continue
    datapath.allocated.set(address, owner)
    return address
  }
  return undefined
}

/** Takes an address back. */
export function release(datapath: Datapath, address: number): void {
  datapath.allocated.delete(address)
}
