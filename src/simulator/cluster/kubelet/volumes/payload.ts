import type { DownwardAPIVolumeFile, KeyToPath, Volume, VolumeProjection } from 'kubernetes-types/core/v1'
import type { Client } from '../../client.ts'
import { configMap } from '../../kinds/configMap.ts'
import { node } from '../../kinds/node.ts'
import type { Pod } from '../../kinds/pod.ts'
import { secret } from '../../kinds/secret.ts'
import { type PodPlace, readField, readResource } from '../downwardApi.ts'
import { decodeBase64 } from '../environment.ts'
import { issueToken } from './token.ts'

/** The files of a volume that is made from objects, by their path inside it. */
export type Payload = ReadonlyMap<string, PayloadFile>

export interface PayloadFile {
  readonly text: string
  readonly mode: number
}

/** A volume that cannot be set up yet; shown as FailedMount. */
export class VolumeError extends Error {}

/** What files are made from. */
export interface PayloadSources {
  readonly pod: Pod
  readonly client: Client
  readonly place: PodPlace
  /** Milliseconds since 1970. */
  readonly now: number
}

const usualMode = 0o644

/** The files of a configMap, secret, downwardAPI or projected volume; undefined for volumes of another kind. */
export function payloadOf(volume: Volume, sources: PayloadSources): Payload | undefined {
  const { configMap: map, secret: hidden, downwardAPI, projected } = volume
  const projection: VolumeProjection | undefined = map
    ? { configMap: { ...map } }
    : hidden
      ? { secret: { ...hidden, name: hidden.secretName ?? '' } }
      : downwardAPI
        ? { downwardAPI }
        : undefined
  const mode = (map ?? hidden ?? downwardAPI ?? projected)?.defaultMode ?? usualMode
  const parts = projection ? [projection] : projected?.sources
  if (!parts) return undefined
  const files = new Map<string, PayloadFile>()
  // Files of a pod with an fsGroup can be read by that group whatever their mode says.
  const more = sources.pod.spec.securityContext?.fsGroup === undefined ? 0 : 0o440
  for (const part of parts)
    for (const [path, { text, mode: own }] of filesOf(part, mode, sources)) files.set(path, { text, mode: own | more })
  return files
}

function* filesOf(part: VolumeProjection, mode: number, sources: PayloadSources): Iterable<[string, PayloadFile]> {
  const { pod, client } = sources
  const { namespace } = pod.metadata
  if (part.serviceAccountToken) {
    const { path, audience, expirationSeconds } = part.serviceAccountToken
    const nodeUid = client.get(node, pod.spec.nodeName ?? '')?.metadata.uid
    yield [path, { text: issueToken(pod, sources.now, { audience, expirationSeconds, nodeUid }), mode }]
  } else if (part.configMap) {
    const { name = '', items, optional = false } = part.configMap
    const found = client.get(configMap, name, namespace)
    if (!found && !optional) throw new VolumeError(`configmap "${name}" not found`)
    const data = new Map(Object.entries({ ...found?.data, ...decoded(found?.binaryData) }))
    yield* chosen(data, items, mode, optional, 'config')
  } else if (part.secret) {
    const { name = '', items, optional = false } = part.secret
    const found = client.get(secret, name, namespace)
    if (!found && !optional) throw new VolumeError(`secret "${name}" not found`)
    yield* chosen(new Map(Object.entries(decoded(found?.data))), items, mode, optional, 'secret')
  } else if (part.downwardAPI) {
    for (const item of part.downwardAPI.items ?? [])
      yield [item.path, { text: factOf(item, sources), mode: item.mode ?? mode }]
  }
}

function* chosen(
  data: ReadonlyMap<string, string>,
  items: readonly KeyToPath[] | undefined,
  mode: number,
  isOptional: boolean,
  kind: 'config' | 'secret',
): Iterable<[string, PayloadFile]> {
  if (!items) for (const [key, text] of data) yield [key, { text, mode }]
  for (const item of items ?? []) {
    const text = data.get(item.key)
    if (text !== undefined) yield [item.path, { text, mode: item.mode ?? mode }]
    else if (!isOptional) throw new VolumeError(`references non-existent ${kind} key: ${item.key}`)
  }
}

function factOf(item: DownwardAPIVolumeFile, { pod, place }: PayloadSources): string {
  if (item.fieldRef) return readField(pod, item.fieldRef.fieldPath, place) ?? ''
  return item.resourceFieldRef ? readResource(pod, pod.spec.containers[0]!, item.resourceFieldRef) : ''
}

function decoded(data: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, decodeBase64(value)]))
}
