import type { Container, ContainerPort, ContainerState, ContainerStatus, EnvVar, Probe } from 'kubernetes-types/core/v1'
import { type Description, timeText, trueText } from './description.ts'

/** Says what a variable taken from the object itself holds, where that is known. */
export type VariableOf = (variable: EnvVar) => string

/** Adds the containers of a pod, or of a template when there are no statuses; `space` indents a template's. */
export function describeContainers(
  text: Description,
  title: string,
  containers: readonly Container[],
  statuses: readonly ContainerStatus[] | undefined,
  space: string,
  variableOf: VariableOf = () => '',
): void {
  text.line(0, `${space}${title}:${containers.length === 0 ? ' <none>' : ''}`)
  for (const container of containers) {
    const status = statuses?.find(one => one.name === container.name)
    text.line(1, `${space ? ' ' : ''}${container.name}:`)
    describeImage(text, container, status)
    describeWords(text, 'Command', container.command)
    describeWords(text, 'Args', container.args)
    if (status) describeStatus(text, status)
    describeResources(text, 2, container.resources)
    describeProbe(text, 'Liveness', container.livenessProbe)
    describeProbe(text, 'Readiness', container.readinessProbe)
    describeProbe(text, 'Startup', container.startupProbe)
    describeSources(text, container)
    describeVariables(text, container.env ?? [], variableOf)
    describeMounts(text, container)
  }
}

function describeImage(text: Description, container: Container, status: ContainerStatus | undefined): void {
  if (status) text.line(2, `Container ID:\t${status.containerID ?? ''}`)
  text.line(2, `Image:\t${container.image ?? ''}`)
  if (status) text.line(2, `Image ID:\t${status.imageID}`)
  const ports = container.ports ?? []
  const plural = ports.length > 1 ? 's' : ''
  text.line(2, `Port${plural}:\t${portsText(ports, port => port.containerPort)}`)
  text.line(2, `Host Port${plural}:\t${portsText(ports, port => port.hostPort ?? 0)}`)
}

function portsText(ports: readonly ContainerPort[], numberOf: (port: ContainerPort) => number): string {
  const texts = ports.map(port => `${numberOf(port)}/${port.protocol ?? 'TCP'}${port.name ? ` (${port.name})` : ''}`)
  return texts.join(', ') || '<none>'
}

function describeWords(text: Description, title: string, words: readonly string[] | undefined): void {
  if (!words?.length) return
  text.line(2, `${title}:`)
  for (const line of words.flatMap(word => word.split('\n'))) text.line(3, line)
}

function describeStatus(text: Description, status: ContainerStatus): void {
  describeState(text, 'State', status.state)
  if (status.lastState?.terminated) describeState(text, 'Last State', status.lastState)
  text.line(2, `Ready:\t${trueText(status.ready)}`)
  text.line(2, `Restart Count:\t${status.restartCount}`)
}

function describeState(text: Description, title: string, state: ContainerState | undefined): void {
  if (state?.running) {
    text.line(2, `${title}:\tRunning`)
    text.line(3, `Started:\t${timeText(state.running.startedAt)}`)
  } else if (state?.terminated) {
    const { reason, message, exitCode, signal, startedAt, finishedAt } = state.terminated
    text.line(2, `${title}:\tTerminated`)
    if (reason) text.line(3, `Reason:\t${reason}`)
    if (message) text.line(3, `Message:\t${message}`)
    text.line(3, `Exit Code:\t${exitCode}`)
    if (signal) text.line(3, `Signal:\t${signal}`)
    text.line(3, `Started:\t${timeText(startedAt)}`)
    text.line(3, `Finished:\t${timeText(finishedAt)}`)
  } else {
    text.line(2, `${title}:\tWaiting`)
    if (state?.waiting?.reason) text.line(3, `Reason:\t${state.waiting.reason}`)
  }
}

/** Adds limits and requests, by name. */
export function describeResources(text: Description, level: number, resources: Container['resources']): void {
  const sections = [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const
  for (const [title, amounts] of sections) {
    const names = Object.keys(amounts ?? {}).sort()
    if (names.length > 0) text.line(level, `${title}:`)
    for (const name of names) text.line(level + 1, `${name}:\t${amounts![name]}`)
  }
}

function describeProbe(text: Description, title: string, probe: Probe | undefined): void {
  if (!probe) return
  const times = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 1}s period=${probe.periodSeconds ?? 10}s`
  const counts = `#success=${probe.successThreshold ?? 1} #failure=${probe.failureThreshold ?? 3}`
  text.line(2, `${title}:\t${probeText(probe)} ${times} ${counts}`)
}

function probeText({ exec, httpGet, tcpSocket, grpc }: Probe): string {
  if (exec) return `exec [${(exec.command ?? []).join(' ')}]`
  if (httpGet) {
    const { scheme = 'HTTP', host = '', port, path = '' } = httpGet
    return `http-get ${scheme.toLowerCase()}://${host}:${port}${path}`
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port}`
  if (grpc) return `grpc <pod>:${grpc.port} ${(grpc as { service?: string }).service ?? ''}`
  return 'unknown'
}

function describeSources(text: Description, { envFrom = [] }: Container): void {
  if (envFrom.length === 0) return
  text.line(2, 'Environment Variables from:')
  for (const { configMapRef, secretRef, prefix } of envFrom) {
    const from = configMapRef ? 'ConfigMap' : 'Secret'
    const source = configMapRef ?? secretRef
    const how = prefix ? `${from} with prefix '${prefix}'` : from
    text.line(3, `${source?.name ?? ''}\t${how}\tOptional: ${source?.optional ?? false}`)
  }
}

function describeVariables(text: Description, variables: readonly EnvVar[], variableOf: VariableOf): void {
  text.line(2, `Environment:${variables.length === 0 ? '\t<none>' : ''}`)
  for (const variable of variables) {
    const { name, value = '', valueFrom } = variable
    if (!valueFrom)
      for (const [index, line] of value.split('\n').entries()) text.line(3, `${index === 0 ? `${name}:` : ''}\t${line}`)
    else text.line(3, `${name}:\t${sourceText(variable, variableOf)}`)
  }
}

function sourceText(variable: EnvVar, variableOf: VariableOf): string {
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = variable.valueFrom ?? {}
  if (fieldRef) return `${variableOf(variable)} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`
  if (resourceFieldRef) return `${variableOf(variable)} (${resourceFieldRef.resource})`
  if (secretKeyRef)
    return `<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name}'>\tOptional: ${secretKeyRef.optional ?? false}`
  if (configMapKeyRef)
    return `<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name}'>\tOptional: ${configMapKeyRef.optional ?? false}`
  return ''
}

function describeMounts(text: Description, { volumeMounts = [] }: Container): void {
  text.line(2, `Mounts:${volumeMounts.length === 0 ? '\t<none>' : ''}`)
  for (const mount of [...volumeMounts].sort((a, b) => (a.mountPath < b.mountPath ? -1 : 1))) {
    const flags = [mount.readOnly ? 'ro' : 'rw', ...(mount.subPath ? [`path="${mount.subPath}"`] : [])]
    text.line(3, `${mount.mountPath} from ${mount.name} (${flags.join(',')})`)
  }
}
