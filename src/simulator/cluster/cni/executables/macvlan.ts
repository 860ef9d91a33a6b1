import { executableOnCable } from './onCable.ts'

/** Gives a container an interface with an Ethernet address of its own on a cable of the node. */
export const macvlan = executableOnCable('macvlan', ['bridge'], ({ namespace, interfaceName }, master) =>
  namespace.addMacvlan(interfaceName, master),
)
