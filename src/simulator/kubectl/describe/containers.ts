import type {
  Container,
  ContainerState,
  ContainerStatus,
  EnvFromSource,
  EnvVar,
  Probe,
  ResourceRequirements,
} from 'kubernetes-types/core/v1'
import { Quantity } from '../../cluster/api/quantity.ts'
import { type Description, longTime, yesNo } from './description.ts'

/** What is known about containers beyond their specification. */
export interface ContainerView {
  readonly statuses?: readonly ContainerStatus[] | undefined
  /** What a field of the pod holds, for variables that take their value from it. */
  readonly fieldValue?: (path: string) => string
  readonly indent?: string
}

/** Writes the containers of a pod or of a template. */
export function describeContainers(
  label: string,
  containers: readonly Container[],
  text: Description,
  { statuses = [], fieldValue, indent = '' }: ContainerView = {},
): void {
  text.line(`${indent}${label}:${containers.length === 0 ? ' <none>' : ''}`)
  for (const container of containers) {
    const status = statuses.find(({ name }) => name === container.name)
    text.line(`${indent ? ' ' : ''}${container.name}:`, 1)
    if (status) text.field('Container ID', status.containerID ?? '', 2)
    text.field('Image', container.image ?? '', 2)
    if (status) text.field('Image ID', status.imageID ?? '', 2)
    describePorts(container, text)
    describeSeccomp(container, text)
    describeCommand('Command', container.command, text)
    describeCommand('Args', container.args, text)
    if (status) describeState(status, text)
    describeResources(container.resources, text)
    for (const [name, probe] of [
      ['Liveness', container.livenessProbe],
      ['Readiness', container.readinessProbe],
      ['Startup', container.startupProbe],
    ] as const) {
      if (probe) text.field(name, probeText(probe), 2)
    }
    if (container.envFrom?.length) describeEnvFrom(container.envFrom, text)
    describeEnv(container, text, fieldValue)
    describeMounts(container, text)
  }
}

function describePorts({ ports = [] }: Container, text: Description): void {
  const show = (port: (typeof ports)[number], number: number) =>
    `${number}/${port.protocol ?? 'TCP'}${port.name ? ` (${port.name})` : ''}`
  const lists = [
    ['Port', ports.map(port => show(port, port.containerPort))],
    ['Host Port', ports.map(port => show(port, port.hostPort ?? 0))],
  ] as const
  for (const [name, list] of lists) text.field(list.length > 1 ? `${name}s` : name, list.join(', ') || '<none>', 2)
}

function describeSeccomp({ securityContext }: Container, text: Description): void {
  const profile = securityContext?.seccompProfile
  if (!profile) return
  text.field('SeccompProfile', profile.type, 2)
  if (profile.type === 'Localhost') text.field('LocalhostProfile', profile.localhostProfile, 3)
}

function describeCommand(name: string, words: readonly string[] | undefined, text: Description): void {
  if (!words?.length) return
  text.heading(name, 2)
  for (const word of words) for (const line of word.split('\n')) text.line(line, 3)
}

function describeState(status: ContainerStatus, text: Description): void {
  describeOneState('State', status.state ?? {}, text)
  if (status.lastState?.terminated) describeOneState('Last State', status.lastState, text)
  text.field('Ready', yesNo(status.ready), 2)
  text.field('Restart Count', status.restartCount, 2)
}

function describeOneState(name: string, { running, waiting, terminated }: ContainerState, text: Description): void {
  if (running) {
    text.field(name, 'Running', 2)
    text.field('Started', longTime(running.startedAt), 3)
  } else if (terminated) {
    text.field(name, 'Terminated', 2)
    if (terminated.reason) text.field('Reason', terminated.reason, 3)
    if (terminated.message) text.field('Message', terminated.message, 3)
    text.field('Exit Code', terminated.exitCode, 3)
    if (terminated.signal) text.field('Signal', terminated.signal, 3)
    text.field('Started', longTime(terminated.startedAt), 3)
    text.field('Finished', longTime(terminated.finishedAt), 3)
  } else {
    text.field(name, 'Waiting', 2)
    if (waiting?.reason) text.field('Reason', waiting.reason, 3)
  }
}

/** Writes what is asked for and what is allowed. */
export function describeResources(resources: ResourceRequirements | undefined, text: Description, level = 2): void {
  for (const [name, amounts = {}] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const entries = Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1))
    if (entries.length > 0) text.heading(name, level)
    for (const [resource, amount] of entries) text.field(resource, amount, level + 1)
  }
}

/** A probe in one line. */
function probeText(probe: Probe): string {
  const {
    initialDelaySeconds = 0,
    timeoutSeconds = 0,
    periodSeconds = 0,
    successThreshold = 0,
    failureThreshold = 0,
  } = probe
  const rhythm = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`
  if (probe.exec) return `exec [${(probe.exec.command ?? []).join(' ')}] ${rhythm}`
  if (probe.httpGet) {
    const { scheme = 'HTTP', host = '', port, path = '' } = probe.httpGet
    return `http-get ${scheme.toLowerCase()}://${host}:${port}${path} ${rhythm}`
  }
  if (probe.tcpSocket) return `tcp-socket ${probe.tcpSocket.host ?? ''}:${probe.tcpSocket.port} ${rhythm}`
  if (probe.grpc) return `grpc <pod>:${probe.grpc.port} ${probe.grpc.service ?? ''} ${rhythm}`
  return `unknown ${rhythm}`
}

function describeEnvFrom(sources: readonly EnvFromSource[], text: Description): void {
  text.heading('Environment Variables from', 2)
  for (const { configMapRef, secretRef, prefix } of sources) {
    const reference = configMapRef ?? secretRef
    const kind = configMapRef ? 'ConfigMap' : secretRef ? 'Secret' : ''
    const how = prefix ? ` with prefix '${prefix}'` : ''
    text.line(`${reference?.name ?? ''}\t${kind}${how}\tOptional: ${reference?.optional ?? false}`, 3)
  }
}

function describeEnv(
  container: Container,
  text: Description,
  fieldValue: ((path: string) => string) | undefined,
): void {
  const { env = [] } = container
  if (env.length === 0) return text.field('Environment', '<none>', 2)
  text.heading('Environment', 2)
  for (const variable of env) text.line(variableText(variable, container, fieldValue), 3)
}

function variableText(
  { name, value = '', valueFrom }: EnvVar,
  container: Container,
  fieldValue: ((path: string) => string) | undefined,
): string {
  if (!valueFrom) return `${name}:\t${value.split('\n').join('\n      \t')}`
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom
  if (fieldRef) {
    return `${name}:\t${fieldValue?.(fieldRef.fieldPath) ?? ''} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`
  }
  if (resourceFieldRef) return `${name}:\t${resourceValue(resourceFieldRef, container)} (${resourceFieldRef.resource})`
  if (secretKeyRef) {
    return `${name}:\t<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name}'>\tOptional: ${secretKeyRef.optional ?? false}`
  }
  return `${name}:\t<set to the key '${configMapKeyRef?.key}' of config map '${configMapKeyRef?.name}'>\tOptional: ${configMapKeyRef?.optional ?? false}`
}

/** The amount that a variable gets, counted in the divisor it names. */
function resourceValue({ resource, divisor }: { resource: string; divisor?: string }, container: Container): string {
  const [list, name = ''] = resource.split('.') as ['limits' | 'requests', string]
  const amount = container.resources?.[list]?.[name]
  if (amount === undefined) return list === 'limits' && /^(cpu|memory)$/.test(name) ? 'node allocatable' : '0'
  const unit = divisor && divisor !== '0' ? Quantity.parse(divisor).toNumber() : 1
  return String(Math.ceil(Quantity.parse(amount).toNumber() / unit))
}

function describeMounts({ volumeMounts = [], volumeDevices = [] }: Container, text: Description): void {
  if (volumeMounts.length === 0) text.field('Mounts', '<none>', 2)
  else text.heading('Mounts', 2)
  for (const { mountPath, name, readOnly, subPath } of byPath(volumeMounts, mount => mount.mountPath)) {
    const flags = [readOnly ? 'ro' : 'rw', ...(subPath ? [`path=${JSON.stringify(subPath)}`] : [])]
    text.line(`${mountPath} from ${name} (${flags.join(',')})`, 3)
  }
  if (volumeDevices.length === 0) return
  text.heading('Devices', 2)
  for (const { devicePath, name } of byPath(volumeDevices, device => device.devicePath)) {
    text.line(`${devicePath} from ${name}`, 3)
  }
}

function byPath<T>(items: readonly T[], pathOf: (item: T) => string): T[] {
  return items.toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1))
}
