import { checkPort, checkPortName } from '../../cluster/api/names.ts'
import { Failure } from '../failure.ts'
import { FlagValueError, parseInteger } from '../flags/flag.ts'
import type { AnyObject } from '../server/object.ts'

/** A port of a service as a generator writes it. */
export interface ServicePort {
  readonly name?: string
  readonly protocol: string
  readonly port: number
  readonly targetPort: number | string
  readonly nodePort?: number
}

/** Reads `80`, `80:8080` or `80:http`. */
export function parseServicePort(text: string): ServicePort {
  const [first = '', target] = splitOnce(text)
  const port = parsePort(first)
  const name = text.replaceAll(':', '-')
  if (target === undefined) return { name, protocol: 'TCP', port, targetPort: port }
  const isNumber = /^[+-]?\d+$/.test(target)
  const problems = isNumber ? checkPort(Number(target)) : checkPortName(target)
  if (problems.length > 0) throw new Failure(problems.join(','))
  return { name, protocol: 'TCP', port, targetPort: isNumber ? Number(target) : target }
}

function splitOnce(text: string): [string, string?] {
  const at = text.indexOf(':')
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/** strconv.ParseUint with 16 bits. */
export function parsePort(text: string): number {
  if (!/^\d+$/.test(text)) throw new Failure(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`)
  if (Number(text) > 65535) throw new Failure(`strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`)
  return Number(text)
}

/** strconv.Atoi. */
export function parseAtoi(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Failure(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
  try {
    return parseInteger(text.replace(/^([+-]?)0+(?=\d)/, '$1'))
  } catch (error) {
    throw error instanceof FlagValueError ? new Failure(error.message.replace('ParseInt', 'Atoi')) : error
  }
}

/** A service of a generator, in the order of the fields of Go's type. */
export function serviceObject(
  name: string,
  namespace: { namespace?: string },
  spec: Readonly<Record<string, unknown>>,
): AnyObject {
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, ...namespace, labels: { app: name } },
    spec,
    status: { loadBalancer: {} },
  }
}
