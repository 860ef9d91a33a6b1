/** Kinds whose short name means something else in another group carry the group's name in the schema. */
const ambiguous = new Map([
  ['/Event', 'CoreV1Event'],
  ['events.k8s.io/Event', 'EventsV1Event'],
  ['resource.k8s.io/ResourceClaim', 'ResourceV1ResourceClaim'],
])

/** The name of a kind's type in the schema: `V1Pod`, `V2HorizontalPodAutoscaler`. */
export function schemaNameOf({ group, version, kind }: { group: string; version: string; kind: string }): string {
  return ambiguous.get(`${group}/${kind}`) ?? `${version[0]!.toUpperCase()}${version.slice(1)}${kind}`
}
