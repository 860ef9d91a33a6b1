import type { Container, EnvVarSource } from 'kubernetes-types/core/v1'
import { textOf } from '../../machine/bytes.ts'
import type { Client } from '../client.ts'
import { configMap } from '../kinds/configMap.ts'
import type { Pod } from '../kinds/pod.ts'
import { secret } from '../kinds/secret.ts'
import { service } from '../kinds/service.ts'
import { type PodPlace, readField, readResource } from './downwardApi.ts'

/** A container that cannot be made from what its pod says; shown as CreateContainerConfigError. */
export class ConfigurationError extends Error {}

/** The environment variables of a container: `env` over `envFrom` over those of the Services. */
export function environmentOf(pod: Pod, container: Container, client: Client, place: PodPlace): Map<string, string> {
  const services = serviceVariables(pod, client)
  const own = new Map<string, string>()
  for (const source of container.envFrom ?? []) {
    const found = source.configMapRef
      ? readConfigMap(client, pod, source.configMapRef.name ?? '', source.configMapRef.optional ?? false)
      : readSecret(client, pod, source.secretRef?.name ?? '', source.secretRef?.optional ?? false)
    for (const [key, value] of found ?? []) own.set((source.prefix ?? '') + key, value)
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom) {
      const found = readSource(pod, container, client, place, valueFrom)
      if (found !== undefined) own.set(name, found)
    } else own.set(name, expand(value ?? '', [own, services]))
  }
  for (const [name, value] of services) if (!own.has(name)) own.set(name, value)
  return own
}

/** Puts variables in place of `$(NAME)`; `$$` stands for a dollar sign, and what is unknown stays. */
export function expand(text: string, variables: readonly ReadonlyMap<string, string>[]): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, what: string, name: string) => {
    if (what === '$') return '$'
    for (const each of variables) if (each.has(name)) return each.get(name)!
    return whole
  })
}

function readSource(
  pod: Pod,
  container: Container,
  client: Client,
  place: PodPlace,
  source: EnvVarSource,
): string | undefined {
  if (source.fieldRef) return readField(pod, source.fieldRef.fieldPath, place)
  if (source.resourceFieldRef) return readResource(pod, container, source.resourceFieldRef)
  const { configMapKeyRef: fromMap, secretKeyRef: fromSecret } = source
  const reference = fromMap ?? fromSecret
  if (!reference) return ''
  const { name = '', key, optional = false } = reference
  const found = fromMap ? readConfigMap(client, pod, name, optional) : readSecret(client, pod, name, optional)
  const value = found?.get(key)
  if (value === undefined && found && !optional)
    throw new ConfigurationError(
      `couldn't find key ${key} in ${fromMap ? 'ConfigMap' : 'Secret'} ${pod.metadata.namespace}/${name}`,
    )
  return value
}

function readConfigMap(client: Client, pod: Pod, name: string, isOptional: boolean): Map<string, string> | undefined {
  const found = client.get(configMap, name, pod.metadata.namespace)
  if (found) return new Map(Object.entries(found.data ?? {}))
  if (isOptional) return undefined
  throw new ConfigurationError(`configmap "${name}" not found`)
}

function readSecret(client: Client, pod: Pod, name: string, isOptional: boolean): Map<string, string> | undefined {
  const found = client.get(secret, name, pod.metadata.namespace)
  if (found) return new Map(Object.entries(found.data ?? {}).map(([key, value]) => [key, decodeBase64(value)]))
  if (isOptional) return undefined
  throw new ConfigurationError(`secret "${name}" not found`)
}

/** The text that base64 stands for. */
export function decodeBase64(text: string): string {
  return textOf(Uint8Array.from(atob(text), character => character.charCodeAt(0)))
}

/** What tells a container where the Services of its namespace are, in the way of Docker links. */
function serviceVariables(pod: Pod, client: Client): Map<string, string> {
  const variables = new Map<string, string>()
  const kubernetes = client.get(service, 'kubernetes', 'default')
  const linked =
    pod.spec.enableServiceLinks === false
      ? []
      : client.list(service, { namespace: pod.metadata.namespace ?? 'default' })
  const all = kubernetes && !linked.includes(kubernetes) ? [...linked, kubernetes] : linked
  for (const { metadata, spec } of all) {
    const address = spec.clusterIP
    if (!address || address === 'None' || spec.type === 'ExternalName') continue
    const prefix = metadata.name.toUpperCase().replaceAll('-', '_')
    const [first] = spec.ports ?? []
    if (!first) continue
    variables.set(`${prefix}_SERVICE_HOST`, address)
    variables.set(`${prefix}_SERVICE_PORT`, String(first.port))
    for (const { name, port } of spec.ports ?? [])
      if (name) variables.set(`${prefix}_SERVICE_PORT_${name.toUpperCase().replaceAll('-', '_')}`, String(port))
    for (const [index, { port, protocol = 'TCP' }] of (spec.ports ?? []).entries()) {
      const kind = protocol.toLowerCase()
      const url = `${kind}://${address}:${port}`
      if (index === 0) variables.set(`${prefix}_PORT`, url)
      const link = `${prefix}_PORT_${port}_${protocol}`
      variables.set(link, url)
      variables.set(`${link}_PROTO`, kind)
      variables.set(`${link}_PORT`, String(port))
      variables.set(`${link}_ADDR`, address)
    }
  }
  return variables
}
