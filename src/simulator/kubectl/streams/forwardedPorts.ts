import type { Pod } from '../../cluster/kinds/pod.ts'
import type { Service } from '../../cluster/kinds/service.ts'
import { numericAddress } from '../../machine/resolver.ts'
import { Failure } from '../failure.ts'

/** A port of the workstation and the port of the pod behind it; local 0 means any that is free. */
export interface PortPair {
  readonly local: number
  readonly remote: number
}

/** Where to listen: `label` is how kubectl writes the address; without `value` nothing can listen there. */
export interface ListenAddress {
  readonly label: string
  readonly network: 'tcp4' | 'tcp6'
  readonly value: number | undefined
}

/** Reads `80`, `8080:80` and `:80` (k8s.io/client-go/tools/portforward, parsePorts). */
export function parsePortPair(text: string): PortPair {
  const parts = text.split(':')
  if (parts.length > 2) throw new Failure(`invalid port format '${text}'`)
  const [first = '', second] = parts
  const localText = first === '' && second !== undefined ? '0' : first
  const local = parsePort(localText, 'local')
  const remote = parsePort(second ?? first, 'remote')
  if (remote === 0) throw new Failure('remote port must be > 0')
  return { local, remote }
}

function parsePort(text: string, side: 'local' | 'remote'): number {
  const problem = /^\d+$/.test(text) ? (Number(text) > 65_535 ? 'value out of range' : undefined) : 'invalid syntax'
  if (problem)
    throw new Failure(
      `error parsing ${side} port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: ${problem}`,
    )
  return Number(text)
}

/** Replaces the name of a container's port by its number. */
export function ofPod(text: string, pod: Pod): string {
  const { local, remote, isPair } = split(text)
  if (/^[+-]?\d+$/.test(remote)) return text
  const number = numberOf(pod, remote)
  if (number === undefined) throw new Failure(`Pod '${pod.metadata.name}' does not have a named port '${remote}'`)
  return `${isPair ? local : number}:${number}`
}

/** Replaces a Service's port, by number or name, by the port of the pod that it leads to. */
export function throughService(text: string, service: Service, pod: Pod): string {
  const { local, remote, isPair } = split(text)
  const { name } = service.metadata
  const isNumber = /^[+-]?\d+$/.test(remote)
  const port = (service.spec.ports ?? []).find(each => (isNumber ? each.port === Number(remote) : each.name === remote))
  if (!port) {
    const wanted = isNumber ? `a service port ${Number(remote)}` : `a named port '${remote}'`
    throw new Failure(
      isNumber ? `Service ${name} does not have ${wanted}` : `Service '${name}' does not have ${wanted}`,
    )
  }
  const target = service.spec.clusterIP === 'None' ? port.port : (port.targetPort ?? port.port)
  const number = typeof target === 'number' ? target : numberOf(pod, target)
  if (number === undefined) throw new Failure(`Pod '${pod.metadata.name}' does not have a named port '${target}'`)
  return `${isPair ? local : port.port}:${number}`
}

function split(text: string): { local: string; remote: string; isPair: boolean } {
  const at = text.indexOf(':')
  return at < 0
    ? { local: text, remote: text, isPair: false }
    : { local: text.slice(0, at), remote: text.slice(at + 1), isPair: true }
}

function numberOf({ spec }: Pod, name: string): number | undefined {
  for (const { ports = [] } of spec.containers)
    for (const port of ports) if (port.name === name) return port.containerPort
  return undefined
}

/** What `--address` means; `localhost` is an address of both families. */
export function addressesOf(given: readonly string[]): ListenAddress[] {
  return given.flatMap((text): ListenAddress[] => {
    if (text === 'localhost')
      return [
        { label: '127.0.0.1', network: 'tcp4', value: 0x7f000001 },
        { label: '[::1]', network: 'tcp6', value: undefined },
      ]
    const value = numericAddress(text)
    if (value !== undefined) return [{ label: text, network: 'tcp4', value }]
    if (/^[0-9a-f:]*:[0-9a-f:]*$/i.test(text)) return [{ label: `[${text}]`, network: 'tcp6', value: undefined }]
    throw new Failure(`${text} is not a valid IP`)
  })
}
