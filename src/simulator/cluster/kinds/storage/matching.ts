import { matchesNodeTerm } from '../../api/nodeSelector.ts'
import { Quantity } from '../../api/quantity.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { Node } from '../node.ts'
import type { PersistentVolume } from '../persistentVolume.ts'
import type { PersistentVolumeClaim } from '../persistentVolumeClaim.ts'

/** The node that the scheduler has chosen for the first pod of a claim. */
export const selectedNode = 'volume.kubernetes.io/selected-node'

/** Whether a volume names this claim as its own; without a uid it was reserved by hand. */
export function isReservedFor({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const reference = spec.claimRef
  if (reference?.name !== metadata.name || reference.namespace !== metadata.namespace) return false
  return !reference.uid || reference.uid === metadata.uid
}

/** What keeps a volume from being what a claim asks for, as events tell it; undefined when it is. */
export function mismatchOf(volume: PersistentVolume, { spec: wanted }: PersistentVolumeClaim): string | undefined {
  const { spec } = volume
  const name = volume.metadata.name
  if (sizeOf(spec.capacity).compare(sizeOf(wanted.resources?.requests)) < 0)
    return `Cannot bind to requested volume "${name}": requested PV is too small`
  if ((spec.storageClassName ?? '') !== (wanted.storageClassName ?? ''))
    return `Cannot bind to requested volume "${name}": storageClassName does not match`
  if ((spec.volumeMode ?? 'Filesystem') !== (wanted.volumeMode ?? 'Filesystem'))
    return `Cannot bind to requested volume "${name}": incompatible volumeMode`
  if (!(wanted.accessModes ?? []).every(mode => spec.accessModes?.includes(mode)))
    return `Cannot bind to requested volume "${name}": incompatible accessMode`
  return undefined
}

/**
 * The volume for a claim: one that is reserved for it, else the smallest free one that has everything it asks for and
 * that the node can reach, when one is given.
 */
export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  on?: Node,
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined
  for (const volume of volumes) {
    if (volume.metadata.deletionTimestamp || mismatchOf(volume, claim) !== undefined) continue
    if (on && !isReachable(volume, on)) continue
    if (volume.spec.claimRef) {
      if (isReservedFor(volume, claim) && volume.status?.phase !== 'Released') return volume
      continue
    }
    if (volume.status?.phase !== 'Available') continue
    if (claim.spec.selector && !matchesSelector(claim.spec.selector, volume.metadata.labels)) continue
    if (!best || sizeOf(volume.spec.capacity).compare(sizeOf(best.spec.capacity)) < 0) best = volume
  }
  return best
}

/** Whether a volume can be used on a node. */
export function isReachable({ spec }: PersistentVolume, node: Node): boolean {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms
  return !terms || terms.some(term => matchesNodeTerm(term, node))
}

/** The claim as a volume refers to it. */
export function claimReference({ metadata }: PersistentVolumeClaim) {
  const { namespace, name, uid, resourceVersion } = metadata
  return { kind: 'PersistentVolumeClaim', namespace: namespace!, name, uid, apiVersion: 'v1', resourceVersion }
}

function sizeOf(amounts: Readonly<Record<string, string>> | undefined): Quantity {
  return Quantity.parse(amounts?.['storage'] ?? '0')
}
