import type { PersistentVolumeClaim as ClaimFields, Volume } from 'kubernetes-types/core/v1'
import { controllerReference, type Draft } from '../../api/object.ts'
import type { PersistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { StatefulSet } from '../../kinds/statefulSet.ts'

export const revisionLabel = 'controller-revision-hash'

/** The number of the first pod. */
export function firstOrdinal({ spec }: StatefulSet): number {
  return (spec as { ordinals?: { start?: number } }).ordinals?.start ?? 0
}

export function ordinalOf(set: StatefulSet, { metadata }: Pod): number | undefined {
  const match = /^(.*)-(\d+)$/.exec(metadata.name)
  return match?.[1] === set.metadata.name ? Number(match[2]) : undefined
}

/** The pod of a number: its name, its host name and its storage stay the same when it is replaced. */
export function podOf(
  set: StatefulSet,
  template: StatefulSet['spec']['template'],
  ordinal: number,
  revision: string,
): Draft<Pod> {
  const name = `${set.metadata.name}-${ordinal}`
  const { labels, annotations, finalizers } = template.metadata ?? {}
  const claims: Volume[] = (set.spec.volumeClaimTemplates ?? []).map(claim => ({
    name: claim.metadata!.name!,
    persistentVolumeClaim: { claimName: claimName(claim, name) },
  }))
  const others = (template.spec?.volumes ?? []).filter(volume => !claims.some(claim => claim.name === volume.name))
  const volumes = [...claims, ...others]
  return {
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace!,
      labels: {
        ...labels,
        'apps.kubernetes.io/pod-index': String(ordinal),
        [revisionLabel]: revision,
        'statefulset.kubernetes.io/pod-name': name,
      },
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference(set)],
    },
    spec: {
      ...template.spec!,
      ...(volumes.length > 0 && { volumes }),
      hostname: name,
      ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
    },
  }
}

/** The claims that a pod needs besides itself. */
export function claimsOf(set: StatefulSet, ordinal: number): Draft<PersistentVolumeClaim>[] {
  const name = `${set.metadata.name}-${ordinal}`
  return (set.spec.volumeClaimTemplates ?? []).map(claim => ({
    metadata: {
      name: claimName(claim, name),
      namespace: set.metadata.namespace!,
      labels: { ...claim.metadata?.labels, ...set.spec.selector.matchLabels },
      ...(claim.metadata?.annotations && { annotations: claim.metadata.annotations }),
    },
    spec: claim.spec!,
  }))
}

function claimName({ metadata }: ClaimFields, podName: string): string {
  return `${metadata!.name}-${podName}`
}
