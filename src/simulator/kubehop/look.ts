import type { PacketPlace } from '../packetPath.ts'
import type { Cause } from './cause.ts'

/** Commands that show the fact behind a cause, evidence and not a cure; `end` is where the packet's way ended. */
export function looksFor(cause: Cause, end: PacketPlace | undefined): string[] {
  switch (cause.kind) {
    case 'selectorFindsNoPod': {
      const [, namespace = '', name = ''] = cause.service.split('/')
      return [`kubectl -n ${namespace} get service ${name} -o wide`, `kubectl -n ${namespace} get pods --show-labels`]
    }
    case 'podsNotReady':
    case 'portNameUnknown':
    case 'noEndpoints':
    case 'serviceWithoutSelector':
    case 'noLocalEndpoint':
    case 'portNotInService':
    case 'insideOnly':
    case 'pingToService': {
      const [, namespace = '', name = ''] = cause.service.split('/')
      return [`kubectl -n ${namespace} describe service ${name}`]
    }
    case 'nobodyListens': {
      if (cause.service === undefined) return []
      const [, namespace = '', name = ''] = cause.service.split('/')
      return [`kubectl -n ${namespace} describe service ${name}`]
    }
    case 'listensElsewhere':
      return on(end, cause.port.endsWith('/udp') ? 'netstat -lun' : 'netstat -ltn')
    case 'policyDrops':
      return cause.policies.map(each => {
        const [namespace = '', name = ''] = each.split('/')
        return `kubectl -n ${namespace} describe networkpolicy ${name}`
      })
    case 'noRoute':
    case 'routeRefuses':
    case 'routeSwallows':
      return on(end, 'ip route')
    case 'forwardingOff':
      return on(end, 'sysctl net.ipv4.ip_forward')
    case 'neighbourSilent':
      return on(end, 'ip neigh')
    case 'tooLong':
    case 'interfaceDown':
      return on(end, 'ip link')
    case 'lostOnLine':
      return on(end, 'tc qdisc')
    case 'tunnelKnowsNoWay':
      return on(end, 'bridge fdb')
    case 'tableFull':
      return on(end, 'conntrack -C')
    default:
      return []
  }
}

/** A command on the machine or in the pod where something happened; none where nobody can log in. */
function on(place: PacketPlace | undefined, command: string): string[] {
  if (place?.kind === 'outside') return []
  if (place?.kind === 'node') return [`ssh ${place.name} ${command}`]
  if (place?.kind !== 'pod') return [command]
  const [namespace = '', name = ''] = place.name.split('/')
  return [`kubectl -n ${namespace} exec ${name} -- ${command}`]
}
