import { executableOnCable } from './onCable.ts'

/** Gives a container an interface on a cable of the node that shares the node's Ethernet address there. */
export const ipvlan = executableOnCable('ipvlan', ['l2'], ({ namespace, interfaceName }, master) =>
  namespace.addIpvlan(interfaceName, master),
)
