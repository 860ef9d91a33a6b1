import type { PacketStop } from '../packetPath.ts'

/** What happened to a packet at a stop, taken apart so that it can be said in any language. */
export type Happening =
  | { readonly kind: 'sent'; readonly program: string }
  | { readonly kind: 'sentByKernel' }
  | { readonly kind: 'routedHere' }
  | { readonly kind: 'routedOnLink'; readonly device: string }
  | { readonly kind: 'routedVia'; readonly gateway: string; readonly device: string }
  | { readonly kind: 'neighbourAsked'; readonly address: string; readonly device: string }
  | { readonly kind: 'neighbourAnswered'; readonly address: string; readonly mac: string }
  | { readonly kind: 'switched'; readonly bridge: string; readonly port: string }
  | { readonly kind: 'flooded'; readonly bridge: string }
  | { readonly kind: 'accepted'; readonly table: string }
  | { readonly kind: 'marked' }
  | { readonly kind: 'destinationChanged'; readonly from: string; readonly to: string }
  | { readonly kind: 'sourceChanged'; readonly from: string; readonly to: string }
  | { readonly kind: 'changedBack'; readonly from: string; readonly to: string }
  | { readonly kind: 'wrapped'; readonly device: string; readonly outer: string }
  | { readonly kind: 'unwrapped'; readonly device: string; readonly inner: string }
  | { readonly kind: 'forwarded'; readonly ttl: string }
  | { readonly kind: 'delivered' }
  | { readonly kind: 'echoAnswered' }
  | { readonly kind: 'errorDelivered' }
  | { readonly kind: 'dropped'; readonly decision: string }
  | { readonly kind: 'rejectedByRule'; readonly decision: string }
  | { readonly kind: 'nobodyListened'; readonly port: string }
  | { readonly kind: 'expired' }
  | { readonly kind: 'programDecided'; readonly decision: string }

/** Reads a stop as the network wrote it. */
export function happeningOf(stop: PacketStop): Happening {
  const { kind, decision, before, after, interface: device } = stop
  switch (kind) {
    case 'send':
      return decision === 'by the kernel'
        ? { kind: 'sentByKernel' }
        : { kind: 'sent', program: decision.replace(/^by (?:a socket$)?/, '') }
    case 'route': {
      const gateway = /^via (.+)$/.exec(decision)?.[1]
      if (gateway !== undefined) return { kind: 'routedVia', gateway, device }
      return decision === 'to this machine' ? { kind: 'routedHere' } : { kind: 'routedOnLink', device }
    }
    case 'resolve': {
      const address = /^who has (.+)\?$/.exec(decision)?.[1]
      if (address !== undefined) return { kind: 'neighbourAsked', address, device }
      const [, owner = '', mac = ''] = /^ARP (\S+) is-at (\S+)$/.exec(before) ?? []
      return { kind: 'neighbourAnswered', address: owner, mac }
    }
    case 'switch': {
      const port = /^port (.+)$/.exec(decision)?.[1]
      return port === undefined ? { kind: 'flooded', bridge: device } : { kind: 'switched', bridge: device, port }
    }
    case 'rule':
      return /MARK$/.test(decision) ? { kind: 'marked' } : { kind: 'accepted', table: decision.replace(/ ?\S+$/, '') }
    case 'rewrite':
      return rewriting(stop)
    case 'encapsulate':
      return { kind: 'wrapped', device, outer: endsOf(after).join(' > ') }
    case 'decapsulate':
      return { kind: 'unwrapped', device, inner: endsOf(after).join(' > ') }
    case 'forward':
      return { kind: 'forwarded', ttl: /ttl (\d+)$/.exec(after)?.[1] ?? '' }
    case 'deliver':
      if (decision === 'error') return { kind: 'errorDelivered' }
      return { kind: decision === 'the kernel answers echo requests' ? 'echoAnswered' : 'delivered' }
    case 'drop':
      return { kind: 'dropped', decision }
    case 'reject': {
      const port = /^no socket on port (\d+)$/.exec(decision)?.[1]
      return port === undefined ? { kind: 'rejectedByRule', decision } : { kind: 'nobodyListened', port }
    }
    case 'expire':
      return { kind: 'expired' }
    default:
      return { kind: 'programDecided', decision }
  }
}

function rewriting({ before, after, decision }: PacketStop): Happening {
  const [oldSource = '', oldDestination = ''] = endsOf(before)
  const [newSource = '', newDestination = ''] = endsOf(after)
  const [from, to] = oldDestination === newDestination ? [oldSource, newSource] : [oldDestination, newDestination]
  if (decision === 'as its connection') return { kind: 'changedBack', from, to }
  return { kind: oldDestination === newDestination ? 'sourceChanged' : 'destinationChanged', from, to }
}

/** Source and destination of a packet's line. */
export function endsOf(packet: string): readonly [source: string, destination: string] {
  const [, source = '', destination = ''] = /^(\S+) > (\S+)/.exec(packet) ?? []
  return [source, destination]
}
