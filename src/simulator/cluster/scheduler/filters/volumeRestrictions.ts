import { persistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import type { Pod } from '../../kinds/pod.ts'
import { defineFilter } from '../filter.ts'

/** A claim of mode ReadWriteOncePod is for one pod at a time. */
export const volumeRestrictions = defineFilter({
  name: 'VolumeRestrictions',
  prepare(pod, { client, nodes }) {
    const { namespace } = pod.metadata
    const single = new Set(
      claimNames(pod).filter(name =>
        client.get(persistentVolumeClaim, name, namespace)?.spec.accessModes?.includes('ReadWriteOncePod'),
      ),
    )
    if (single.size === 0) return { skip: true }
    const isUser = (other: Pod) =>
      other.metadata.namespace === namespace && claimNames(other).some(name => single.has(name))
    return { skip: !nodes.some(({ pods }) => [...pods.values()].some(isUser)) }
  },
  check: () => ({
    reasons: ['node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode'],
    isHelpedByEviction: true,
  }),
})

function claimNames({ spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim: source }) => (source ? [source.claimName] : []))
}
