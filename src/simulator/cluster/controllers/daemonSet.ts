import type { PodTemplateSpec, Toleration } from 'kubernetes-types/core/v1'
import { isEqual } from '../api/equality.ts'
import { ApiError } from '../api/error.ts'
import { controllerOf } from '../api/object.ts'
import { matchesSelector } from '../api/selector.ts'
import type { Change, Client } from '../client.ts'
import { controllerRevision } from '../kinds/controllerRevision.ts'
import { type DaemonSet, daemonSet } from '../kinds/daemonSet.ts'
import { type Node, node } from '../kinds/node.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { type Control, defineController, type Key, keyOf, lookUp, ownerKeys, watch, watchOwned } from './controller.ts'
import { daemonTolerations, placeOf } from './daemons/placement.ts'
import { podsToReplace } from './daemons/update.ts'
import { claim } from './pods/claim.ts'
import { podFromTemplate } from './pods/create.ts'
import { isAvailable, isReady, nextAvailability } from './pods/state.ts'
import { TemplateHashes } from './pods/templateHash.ts'
import { forgetRevisions, revisionsOf, syncRevision } from './revisions/history.ts'

const hashLabel = 'controller-revision-hash'
const generationLabel = 'pod-template-generation'
const generationAnnotation = 'deprecated.daemonset.template.generation'

/** Runs one pod on every node that suits the template. */
export const daemonSetController = defineController<TemplateHashes>({
  name: 'daemonset-controller',
  component: 'daemonset-controller',
  watches: [
    watch(daemonSet),
    watch(pod, setsOfPod),
    watch(node, setsOfNode),
    watchOwned(controllerRevision, 'DaemonSet'),
  ],
  memory: () => new TemplateHashes(),
  reconcile(key, control, hashes) {
    const { client } = control
    const set = lookUp(client, daemonSet, key)
    if (!set) return
    const hash = syncHistory(set, client, hashes)
    if (set.metadata.deletionTimestamp) return
    const pods = claim(control, pod, set, set.spec.selector)
    const failure = matchNodes(set, pods, hash, control)
    if (!failure) replaceOld(set, claim(control, pod, set, set.spec.selector), hash, control)
    const current = client.ownedBy(pod, set.metadata.uid)
    forgetRevisions(
      set,
      revisionsOf(set, client),
      revision => current.some(member => member.metadata.labels?.[hashLabel] === revision.metadata.labels?.[hashLabel]),
      client,
    )
    updateStatus(set, current, hash, control)
    if (failure) throw failure
  },
})

function setsOfPod(change: Change<Pod>, client: Client): Key[] {
  const owners = ownerKeys(change, 'DaemonSet')
  const { metadata } = change.object
  if (change.type === 'DELETED' || controllerOf(change.object)) return owners
  const adopters = client
    .list(daemonSet, { namespace: metadata.namespace! })
    .filter(({ spec }) => matchesSelector(spec.selector, metadata.labels))
  return [...owners, ...adopters.map(keyOf)]
}

/** Labels, taints and the like decide who runs there; heartbeats do not. */
function setsOfNode({ object, previous }: Change<Node>, client: Client): Key[] {
  const isSame =
    previous && isEqual(previous.spec, object.spec) && isEqual(previous.metadata.labels, object.metadata.labels)
  return isSame ? [] : client.list(daemonSet).map(keyOf)
}

/** The hash that pods of the template as it is carry. */
function syncHistory(set: DaemonSet, client: Client, hashes: TemplateHashes): string {
  const hash = hashes.of(set.spec.template, set.status?.collisionCount)
  const name = `${set.metadata.name}-${hash}`
  try {
    const revision = syncRevision(set, revisionsOf(set, client), name, { [hashLabel]: hash }, client)
    return revision.metadata.labels?.[hashLabel] ?? hash
  } catch (error) {
    if (error instanceof ApiError && error.status.reason === 'AlreadyExists') {
      // Another template has the name: the next try hashes with a higher count.
      const collisionCount = (set.status?.collisionCount ?? 0) + 1
      client.updateStatus(daemonSet, { ...set, status: { ...set.status, collisionCount } })
    }
    throw error
  }
}

export type DaemonsByNode = ReadonlyMap<string, readonly Pod[]>

/** The node that a pod of a DaemonSet is for, also while it is not bound to it. */
function targetNode({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return terms?.[0]?.matchFields?.[0]?.values?.[0]
}

function byNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const map = new Map<string, Pod[]>()
  for (const member of pods) {
    const name = targetNode(member) ?? ''
    map.set(name, [...(map.get(name) ?? []), member])
  }
  return map
}

/** Creates pods where they are missing and deletes those that are where they should not be, or have ended. */
function matchNodes(set: DaemonSet, pods: readonly Pod[], hash: string, control: Control): ApiError | undefined {
  const existing = byNode(pods)
  const missing: string[] = []
  const surplus: Pod[] = []
  for (const candidate of control.client.list(node)) {
    const { name } = candidate.metadata
    const here = existing.get(name) ?? []
    existing.delete(name)
    const place = placeOf(set, candidate)
    if (!place.mayStay) surplus.push(...here)
    else {
      const ended = here.filter(({ status }) => status?.phase === 'Failed' || status?.phase === 'Succeeded')
      for (const member of ended) tellEnded(set, member, name, control)
      surplus.push(...ended)
      const running = here.filter(member => !ended.includes(member) && !member.metadata.deletionTimestamp)
      if (here.length === 0 && place.shouldRun) missing.push(name)
      if (running.length > 1 && !(maxSurge(set) > 0)) surplus.push(...oldestFirst(running).slice(1))
    }
  }
  for (const orphans of existing.values()) surplus.push(...orphans)
  return change(
    set,
    missing,
    surplus.filter(({ metadata }) => !metadata.deletionTimestamp),
    hash,
    control,
  )
}

function tellEnded(set: DaemonSet, { metadata, status }: Pod, nodeName: string, { record }: Control): void {
  const where = `${metadata.namespace}/${metadata.name} on node ${nodeName}`
  if (status?.phase === 'Failed')
    record(set, 'Warning', 'FailedDaemonPod', `Found failed daemon pod ${where}, will try to kill it`)
  else record(set, 'Normal', 'SucceededDaemonPod', `Found succeeded daemon pod ${where}, will try to delete it`)
}

function oldestFirst(pods: readonly Pod[]): Pod[] {
  return [...pods].sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
}

function maxSurge({ spec }: DaemonSet): number {
  const surge = (spec.updateStrategy?.rollingUpdate as { maxSurge?: number | string } | undefined)?.maxSurge ?? 0
  return typeof surge === 'number' ? surge : Number.parseInt(surge, 10)
}

/** Brings the pods of an old template down, and during a surge the new ones up, as far as the strategy allows. */
function replaceOld(set: DaemonSet, pods: readonly Pod[], hash: string, control: Control): void {
  if (set.spec.updateStrategy?.type === 'OnDelete') return
  const nodes = control.client.list(node).filter(candidate => placeOf(set, candidate).shouldRun)
  const { create, remove } = podsToReplace(
    set,
    nodes.map(({ metadata }) => metadata.name),
    byNode(pods),
    member => member.metadata.labels?.[hashLabel] === hash,
    control.now,
  )
  change(set, create, remove, hash, control)
}

function change(
  set: DaemonSet,
  missing: readonly string[],
  surplus: readonly Pod[],
  hash: string,
  { client, record }: Control,
): ApiError | undefined {
  for (const nodeName of missing) {
    try {
      const created = client.create(pod, podFromTemplate(templateFor(set, nodeName, hash), set))
      record(set, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      record(set, 'Warning', 'FailedCreate', `Error creating: ${error.message}`)
      return error
    }
  }
  for (const { metadata } of surplus) {
    client.delete(pod, metadata.name, metadata.namespace)
    record(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${metadata.name}`)
  }
  return undefined
}

/** The template for one node: the scheduler may choose no other, and trouble of the node does not drive the pod away. */
function templateFor(set: DaemonSet, nodeName: string, hash: string): PodTemplateSpec {
  const { template } = set.spec
  const labels = {
    ...template.metadata?.labels,
    [hashLabel]: hash,
    [generationLabel]: set.metadata.annotations?.[generationAnnotation] ?? String(set.metadata.generation ?? 1),
  }
  const byName = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }
  const affinity = template.spec?.affinity
  // What the template asks of nodes has done its work: only the name is left.
  const nodeSelectorTerms = [byName]
  const tolerations: Toleration[] = [...(template.spec?.tolerations ?? [])]
  for (const toleration of daemonTolerations(set))
    if (!tolerations.some(one => isEqual(one, toleration))) tolerations.push(toleration)
  return {
    metadata: { ...template.metadata, labels },
    spec: {
      ...template.spec!,
      affinity: {
        ...affinity,
        nodeAffinity: {
          ...affinity?.nodeAffinity,
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
        },
      },
      tolerations,
    },
  }
}

function updateStatus(set: DaemonSet, pods: readonly Pod[], hash: string, control: Control): void {
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const existing = byNode(pods)
  let desired = 0
  let current = 0
  let misscheduled = 0
  let ready = 0
  let available = 0
  let updated = 0
  for (const candidate of control.client.list(node)) {
    const here = existing.get(candidate.metadata.name) ?? []
    if (!placeOf(set, candidate).shouldRun) {
      if (here.length > 0) misscheduled++
      continue
    }
    desired++
    const oldest = oldestFirst(here)[0]
    if (!oldest) continue
    current++
    if (isReady(oldest)) ready++
    if (isAvailable(oldest, minReadySeconds, control.now)) available++
    if (here.some(member => member.metadata.labels?.[hashLabel] === hash && member === oldest)) updated++
  }
  const status: DaemonSet['status'] = {
    currentNumberScheduled: current,
    numberMisscheduled: misscheduled,
    desiredNumberScheduled: desired,
    numberReady: ready,
    observedGeneration: set.metadata.generation ?? 0,
    ...(updated > 0 && { updatedNumberScheduled: updated }),
    ...(available > 0 && { numberAvailable: available }),
    ...(desired - available > 0 && { numberUnavailable: desired - available }),
    ...(set.status?.collisionCount !== undefined && { collisionCount: set.status.collisionCount }),
  }
  if (!isEqual(status, set.status)) control.client.updateStatus(daemonSet, { ...set, status })
  const next = nextAvailability(pods.filter(isReady), minReadySeconds, control.now)
  if (next !== undefined) control.enqueue(keyOf(set), next)
}
