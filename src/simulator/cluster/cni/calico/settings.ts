/** The release that is simulated. */
export const calicoVersion = 'v3.32.0'

export const nodeImage = `quay.io/calico/node:${calicoVersion}`
export const cniImage = `quay.io/calico/cni:${calicoVersion}`
export const controllersImage = `quay.io/calico/kube-controllers:${calicoVersion}`

/** What a node's annotations say of it to the others. */
export const nodeAnnotations = {
  /** Its address and the length of its subnet: `192.168.64.11/24`. */
  address: 'projectcalico.org/IPv4Address',
  ipipAddress: 'projectcalico.org/IPv4IPIPTunnelAddr',
  vxlanAddress: 'projectcalico.org/IPv4VXLANTunnelAddr',
  vxlanMac: 'projectcalico.org/VXLANTunnelMACAddr',
} as const

/** The user whose rights a program of one of Calico's service accounts has. */
export function userOf(account: string): string {
  return `system:serviceaccount:kube-system:${account}`
}

/** How many members felix lets a set have. */
export const setSize = 1_048_576
