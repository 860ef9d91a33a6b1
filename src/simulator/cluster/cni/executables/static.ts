import { parsePrefix } from '../../../network/address.ts'
import { CniError, type CniExecutable } from './executable.ts'

interface Settings {
  readonly addresses?: readonly { readonly address: string; readonly gateway?: string }[]
}

/** Gives exactly the addresses that the configuration names. */
export const staticAddresses: CniExecutable = {
  type: 'static',
  kind: 'ipam',
  add(configuration) {
    const { addresses = [] } = (configuration['ipam'] ?? {}) as Settings
    if (addresses.length === 0) throw new CniError('no IP addresses are configured')
    for (const { address } of addresses)
      if (!parsePrefix(address))
        throw new CniError(`the 'address' field is expected to be in CIDR notation, got: '${address}'`)
    return { addresses: addresses.map(({ address, gateway }) => ({ address, gateway })) }
  },
  remove() {},
}
