import { isEqual } from '../../api/equality.ts'
import { ApiError } from '../../api/error.ts'
import { controllerReference, type Draft, isControlledBy } from '../../api/object.ts'
import { type Deployment, deployment } from '../../kinds/deployment.ts'
import { type ReplicaSet, replicaSet } from '../../kinds/replicaSet.ts'
import type { Control } from '../controller.ts'
import { templateHash } from '../pods/templateHash.ts'
import {
  compareCreation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  maxSurge,
  newSetSize,
  revisionAnnotation,
  wanted,
} from './arithmetic.ts'
import { conditionOf, hasProgressDeadline, newCondition, withCondition } from './conditions.ts'

const hashLabel = 'pod-template-hash'
const historyAnnotation = 'deployment.kubernetes.io/revision-history'
const historyLength = 2000

/** Annotations of a Deployment that say nothing about a revision. */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  'deprecated.deployment.rollback.to',
])

/** The sets of a Deployment: the one that has its template, if any, and the others. */
export interface Revisions {
  readonly deployment: Deployment
  readonly newSet: ReplicaSet | undefined
  readonly oldSets: readonly ReplicaSet[]
  readonly sets: readonly ReplicaSet[]
}

/** Finds the set for the Deployment's template, gives it the newest revision number, and creates it when asked to. */
export function syncRevisions(
  current: Deployment,
  sets: readonly ReplicaSet[],
  control: Control,
  createMissing: boolean,
): Revisions {
  const found = findNewSet(current, sets)
  const oldSets = sets.filter(set => set !== found)
  const newest = oldSets.reduce((most, set) => (revisionOf(set) > most ? revisionOf(set) : most), 0n)
  const revision = String(newest + 1n)
  if (found) return adoptRevision(current, found, oldSets, revision, control)
  if (!createMissing) return { deployment: current, newSet: undefined, oldSets, sets: oldSets }
  return createNewSet(current, oldSets, revision, control)
}

/** The oldest set whose template is the Deployment's, apart from the hash label. */
function findNewSet(current: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...sets].sort(compareCreation).find(set => hasSameTemplate(current, set))
}

/** The number of a set's revision: 64 bits, as far as they go. */
export function revisionOf(set: ReplicaSet): bigint {
  return readRevision(set.metadata.annotations?.[revisionAnnotation])
}

function readRevision(text = ''): bigint {
  return /^\d+$/.test(text) ? BigInt(text) : 0n
}

function hasSameTemplate(current: Deployment, set: ReplicaSet): boolean {
  const { [hashLabel]: _, ...labels } = set.spec.template?.metadata?.labels ?? {}
  const { [hashLabel]: __, ...wantedLabels } = current.spec.template.metadata?.labels ?? {}
  return isEqual(
    { ...set.spec.template, metadata: { ...set.spec.template?.metadata, labels } },
    { ...current.spec.template, metadata: { ...current.spec.template.metadata, labels: wantedLabels } },
  )
}

function adoptRevision(
  current: Deployment,
  found: ReplicaSet,
  oldSets: readonly ReplicaSet[],
  revision: string,
  control: Control,
): Revisions {
  const annotations = annotationsFor(current, found.metadata.annotations ?? {}, revision, true)
  const minReadySeconds = current.spec.minReadySeconds ?? 0
  if (!isEqual(annotations, found.metadata.annotations) || minReadySeconds !== (found.spec.minReadySeconds ?? 0)) {
    const newSet = control.client.update(replicaSet, {
      ...found,
      metadata: { ...found.metadata, annotations },
      spec: { ...found.spec, minReadySeconds },
    })
    return { deployment: current, newSet, oldSets, sets: [...oldSets, newSet] }
  }
  let changed = withRevision(current, found.metadata.annotations?.[revisionAnnotation] ?? revision)
  if (hasProgressDeadline(current) && !conditionOf(current.status?.conditions, 'Progressing'))
    changed = addCondition(
      changed,
      newCondition(
        'Progressing',
        'True',
        'FoundNewReplicaSet',
        `Found new replica set "${found.metadata.name}"`,
        control.timestamp,
      ),
    )
  return { deployment: save(current, changed, control), newSet: found, oldSets, sets: [...oldSets, found] }
}

function createNewSet(
  current: Deployment,
  oldSets: readonly ReplicaSet[],
  revision: string,
  control: Control,
): Revisions {
  const draft = draftNewSet(current, oldSets, revision)
  const name = draft.metadata.name!
  let newSet: ReplicaSet
  try {
    newSet = control.client.create(replicaSet, draft)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const message = `Failed to create new replica set "${name}": ${error.message}`
    if (error.status.reason === 'AlreadyExists') resolveCollision(current, name, control)
    else if (hasProgressDeadline(current)) {
      const condition = newCondition('Progressing', 'False', 'ReplicaSetCreateError', message, control.timestamp)
      save(current, addCondition(current, condition), control)
      control.record(current, 'Warning', 'ReplicaSetCreateError', message)
    }
    throw error
  }
  if (wanted(newSet) > 0)
    control.record(current, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${wanted(newSet)}`)
  let changed = withRevision(current, revision)
  if (hasProgressDeadline(current))
    changed = addCondition(
      changed,
      newCondition(
        'Progressing',
        'True',
        'NewReplicaSetCreated',
        `Created new replica set "${name}"`,
        control.timestamp,
      ),
    )
  return { deployment: save(current, changed, control), newSet, oldSets, sets: [...oldSets, newSet] }
}

function draftNewSet(current: Deployment, oldSets: readonly ReplicaSet[], revision: string): Draft<ReplicaSet> {
  const { template, selector, minReadySeconds } = current.spec
  const hash = templateHash(template, current.status?.collisionCount)
  const labels = { ...template.metadata?.labels, [hashLabel]: hash }
  const draft = {
    metadata: {
      name: `${current.metadata.name}-${hash}`,
      namespace: current.metadata.namespace!,
      labels,
      annotations: annotationsFor(current, {}, revision, false),
      ownerReferences: [controllerReference(current)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }
  const empty = draft as unknown as ReplicaSet
  return { ...draft, spec: { ...draft.spec, replicas: newSetSize(current, [...oldSets, empty], empty) } }
}

/** Two templates with one hash: the next try hashes with a higher collision count. */
function resolveCollision(current: Deployment, name: string, control: Control): void {
  const existing = control.client.get(replicaSet, name, current.metadata.namespace)
  if (existing && isControlledBy(existing, current) && hasSameTemplate(current, existing)) return
  const collisionCount = (current.status?.collisionCount ?? 0) + 1
  control.client.updateStatus(deployment, { ...current, status: { ...current.status, collisionCount } })
}

/** What a set tells of its Deployment: everything but the numbers that each set keeps for itself. */
function annotationsFor(
  current: Deployment,
  before: Readonly<Record<string, string>>,
  revision: string,
  exists: boolean,
): Record<string, string> {
  const annotations = { ...before }
  for (const [key, value] of Object.entries(current.metadata.annotations ?? {}))
    if (!ownAnnotations.has(key)) annotations[key] = value
  const oldRevision = before[revisionAnnotation]
  if (readRevision(oldRevision) < readRevision(revision)) {
    annotations[revisionAnnotation] = revision
    if (oldRevision !== undefined)
      annotations[historyAnnotation] = extendHistory(before[historyAnnotation], oldRevision)
  }
  if (!exists) {
    annotations[desiredReplicasAnnotation] = String(wanted(current))
    annotations[maxReplicasAnnotation] = String(wanted(current) + maxSurge(current))
  }
  return annotations
}

function extendHistory(history: string | undefined, revision: string): string {
  const revisions = history ? [...history.split(','), revision] : [revision]
  while (revisions.join(',').length > historyLength) revisions.shift()
  return revisions.join(',')
}

function withRevision(current: Deployment, revision: string): Deployment {
  if (current.metadata.annotations?.[revisionAnnotation] === revision) return current
  const annotations = { ...current.metadata.annotations, [revisionAnnotation]: revision }
  return { ...current, metadata: { ...current.metadata, annotations } }
}

function addCondition(current: Deployment, condition: Parameters<typeof withCondition>[1]): Deployment {
  const conditions = withCondition(current.status?.conditions ?? [], condition)
  return { ...current, status: { ...current.status, conditions } }
}

/** The revision is an annotation, everything else here is status: two writes. */
function save(before: Deployment, changed: Deployment, { client }: Control): Deployment {
  if (changed === before) return before
  const { name, namespace, annotations } = changed.metadata
  const revision = annotations?.[revisionAnnotation]
  let saved = before
  if (revision !== before.metadata.annotations?.[revisionAnnotation])
    saved = client.patch(deployment, name, namespace, { metadata: { annotations: { [revisionAnnotation]: revision } } })
  if (changed.status === before.status) return saved
  return client.updateStatus(deployment, { ...saved, status: changed.status })
}
