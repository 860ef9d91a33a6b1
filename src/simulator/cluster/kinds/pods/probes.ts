import type { HTTPGetAction, Lifecycle, Probe } from 'kubernetes-types/core/v1'
import { checkName, requireNonNegative, requireOneOf, requirePort } from '../../api/checks.ts'
import { type FieldError, forbidden, invalid, required } from '../../api/fieldError.ts'
import { checkHeaderName, checkPort } from '../../api/names.ts'

/** What is wrong with a question that the kubelet asks a container. */
export function validateProbe(probe: Probe | undefined, path: string, errors: FieldError[], asksForLife = false): void {
  if (!probe) return
  validateAction(probe, path, errors)
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const)
    requireNonNegative(probe[field], `${path}.${field}`, errors)
  if (probe.terminationGracePeriodSeconds !== undefined && probe.terminationGracePeriodSeconds <= 0)
    errors.push(
      invalid(`${path}.terminationGracePeriodSeconds`, probe.terminationGracePeriodSeconds, 'must be greater than 0'),
    )
  if (!asksForLife) return
  if (probe.successThreshold !== undefined && probe.successThreshold !== 1)
    errors.push(invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1'))
}

/** What is wrong with what a container does when it starts and before it stops. */
export function validateLifecycle({ postStart, preStop }: Lifecycle, path: string, errors: FieldError[]): void {
  if (postStart) validateAction(postStart, `${path}.postStart`, errors)
  if (preStop) validateAction(preStop, `${path}.preStop`, errors)
}

type Action = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & { sleep?: { seconds: number } }

function validateAction(action: Action, path: string, errors: FieldError[]): void {
  let count = 0
  const isFirst = (field: string): boolean => {
    if (count++ === 0) return true
    errors.push(forbidden(`${path}.${field}`, 'may not specify more than 1 handler type'))
    return false
  }
  if (action.exec && isFirst('exec') && !action.exec.command?.length) errors.push(required(`${path}.exec.command`))
  if (action.httpGet && isFirst('httpGet')) validateHttp(action.httpGet, `${path}.httpGet`, errors)
  if (action.tcpSocket && isFirst('tcpSocket')) requirePort(action.tcpSocket.port, `${path}.tcpSocket.port`, errors)
  if (action.grpc && isFirst('grpc')) {
    const { port } = action.grpc
    for (const text of checkPort(port)) errors.push(invalid(`${path}.grpc.port`, port, text))
  }
  if (action.sleep) isFirst('sleep')
  if (count === 0) errors.push(required(path, 'must specify a handler type'))
}

function validateHttp(
  { path: address, port, scheme, httpHeaders }: HTTPGetAction,
  path: string,
  errors: FieldError[],
): void {
  if (!address) errors.push(required(`${path}.path`))
  requirePort(port, `${path}.port`, errors)
  requireOneOf(scheme, ['HTTP', 'HTTPS'], `${path}.scheme`, errors)
  for (const { name } of httpHeaders ?? []) checkName(name ?? '', checkHeaderName, `${path}.httpHeaders`, errors)
}
