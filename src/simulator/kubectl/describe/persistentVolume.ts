import { formatAge } from '../../cluster/api/age.ts'
import type { PersistentVolume } from '../../cluster/kinds/persistentVolume.ts'
import { accessModes } from './accessModes.ts'
import { defineDescriber, type View } from './describer.ts'
import { describeVolumeSource } from './volumes.ts'

export const persistentVolume = defineDescriber<PersistentVolume>({
  group: '',
  kind: 'PersistentVolume',
  async describe(volume, view) {
    const { metadata, spec, status } = volume
    const { text, now } = view
    text.field('Name', metadata.name)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('Finalizers', `[${(metadata.finalizers ?? []).join(' ')}]`)
    text.field('StorageClass', spec.storageClassName ?? '')
    const { deletionTimestamp } = metadata
    text.field(
      'Status',
      deletionTimestamp
        ? `Terminating (lasts ${formatAge(now - Date.parse(deletionTimestamp))})`
        : (status?.phase ?? ''),
    )
    text.field('Claim', spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '')
    text.field('Reclaim Policy', spec.persistentVolumeReclaimPolicy)
    text.field('Access Modes', accessModes(spec.accessModes))
    if (spec.volumeMode) text.field('VolumeMode', spec.volumeMode)
    text.field('Capacity', spec.capacity?.['storage'] ?? '0')
    describeAffinity(volume, view)
    text.field('Message', status?.message ?? '')
    text.heading('Source')
    describeVolumeSource(spec, text)
    await view.events(volume)
  },
})

function describeAffinity({ spec }: PersistentVolume, { text }: View): void {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms
  if (!terms) return text.field('Node Affinity', '<none>')
  text.field('Node Affinity', '')
  text.field('Required Terms', terms.length === 0 ? '<none>' : '', 1)
  for (const [i, { matchExpressions = [] }] of terms.entries()) {
    const lines = matchExpressions.map(
      ({ key, operator, values = [] }) =>
        `${key} ${operator.toLowerCase()}${values.length > 0 ? ` [${values.join(', ')}]` : ''}`,
    )
    text.list(`Term ${i}`, lines, '    ')
  }
}
