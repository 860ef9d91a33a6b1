import type { EndpointSlice } from '../../cluster/kinds/endpointSlice.ts'

const most = 3

/** The addresses behind a port of a service: three at most, and how many more there are. */
export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>'
  const addresses = slices.flatMap(({ ports, endpoints }) => {
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false)
    if (!ports?.length) return ready.map(({ addresses }) => addresses[0]!)
    return ports
      .filter(({ name }) => (name ?? '') === portName)
      .flatMap(({ port }) => ready.map(({ addresses }) => joinHostPort(addresses[0]!, port)))
  })
  const shown = addresses.slice(0, most).join(',')
  return addresses.length > most ? `${shown} + ${addresses.length - most} more...` : shown
}

function joinHostPort(address: string, port: number | undefined): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
