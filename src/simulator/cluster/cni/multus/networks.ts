import { CniError } from '../executables/executable.ts'

/** A network that a pod asks for. */
export interface WantedNetwork {
  readonly name: string
  readonly namespace: string
  /** `net1` and so on, unless the pod names it. */
  readonly interfaceName: string
  readonly addresses?: readonly string[]
}

interface Element {
  readonly name?: string
  readonly namespace?: string
  readonly interface?: string
  readonly ips?: readonly string[]
}

/** Reads the annotation of a pod: `macvlan-conf, other/net@eth5`, or a list in JSON. */
export function readNetworks(annotation: string, ownNamespace: string): WantedNetwork[] {
  const text = annotation.trim()
  const elements = text.startsWith('[') ? readList(text) : text.split(',').map(each => readName(each.trim()))
  return elements.map(({ name, namespace, interface: given, ips }, index) => {
    if (!name) throw new CniError('parsePodNetworkAnnotation: network annotation object should have a name')
    return {
      name,
      namespace: namespace || ownNamespace,
      interfaceName: given || `net${index + 1}`,
      ...(ips && { addresses: ips }),
    }
  })
}

function readList(text: string): Element[] {
  try {
    return JSON.parse(text) as Element[]
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new CniError(
      `parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: ${error.message}`,
    )
  }
}

/** `namespace/name@interface`, where only the name must be there. */
function readName(text: string): Element {
  const parts = text.split('/')
  if (parts.length > 2)
    throw new CniError(`parsePodNetworkAnnotation: parsePodNetworkObjectName: Invalid network object (failed at '/')`)
  const [namespace, rest] = parts.length === 2 ? [parts[0]!, parts[1]!] : ['', parts[0]!]
  const [name, link, ...others] = rest.split('@')
  if (others.length > 0)
    throw new CniError(`parsePodNetworkAnnotation: parsePodNetworkObjectName: Invalid network object (failed at '@')`)
  for (const each of [namespace, name ?? '', link ?? ''])
    if (each !== '' && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(each))
      throw new CniError(
        `parsePodNetworkAnnotation: parsePodNetworkObjectName: Failed to parse: one or more items did not match comma-delimited format (must consist of lower case alphanumeric characters). Must start and end with an alphanumeric character), mismatch @ '${each}'`,
      )
  return { namespace, ...(name && { name }), ...(link && { interface: link }) }
}
