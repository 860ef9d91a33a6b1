import { matchesNodeTerm } from '../../api/nodeSelector.ts'
import type { Client } from '../../client.ts'
import type { Node } from '../../kinds/node.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import type { Pod } from '../../kinds/pod.ts'
import { storageClass } from '../../kinds/storageClass.ts'

/** A claim that a pod mounts. */
export interface ClaimOfPod {
  readonly name: string
  readonly claim: PersistentVolumeClaim | undefined
  /** Whether it is made for this pod alone. */
  readonly isEphemeral: boolean
  /** Whether its class leaves it without a volume until a pod has a node. */
  readonly waitsForPod: boolean
}

export function claimsOf({ metadata, spec }: Pod, client: Client): ClaimOfPod[] {
  return (spec.volumes ?? []).flatMap(volume => {
    const isEphemeral = volume.ephemeral !== undefined
    const name = isEphemeral ? `${metadata.name}-${volume.name}` : volume.persistentVolumeClaim?.claimName
    if (name === undefined) return []
    const claim = client.get(persistentVolumeClaim, name, metadata.namespace)
    const className = claim?.spec.storageClassName
    const waitsForPod =
      Boolean(className) && client.get(storageClass, className!)?.volumeBindingMode === 'WaitForFirstConsumer'
    return [{ name, claim, isEphemeral, waitsForPod }]
  })
}

/** Whether somebody makes a volume for the claim on this node. */
export function isProvisioned({ spec }: PersistentVolumeClaim, node: Node, client: Client): boolean {
  const found = client.get(storageClass, spec.storageClassName ?? '')
  if (!found || found.provisioner === 'kubernetes.io/no-provisioner') return false
  const topologies = found.allowedTopologies
  if (!topologies?.length) return true
  return topologies.some(({ matchLabelExpressions = [] }) =>
    matchesNodeTerm({ matchExpressions: matchLabelExpressions.map(each => ({ ...each, operator: 'In' })) }, node),
  )
}
