import { formatAge } from '../../cluster/api/age.ts'
import type { PersistentVolumeClaim } from '../../cluster/kinds/persistentVolumeClaim.ts'
import type { Pod } from '../../cluster/kinds/pod.ts'
import { accessModes } from './accessModes.ts'
import { defineDescriber } from './describer.ts'
import { longTime } from './description.ts'

export const persistentVolumeClaim = defineDescriber<PersistentVolumeClaim>({
  group: '',
  kind: 'PersistentVolumeClaim',
  async describe(claim, view) {
    const { metadata, spec, status } = claim
    const { text, now } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.field('StorageClass', spec.storageClassName ?? '')
    const { deletionTimestamp } = metadata
    text.field(
      'Status',
      deletionTimestamp
        ? `Terminating (lasts ${formatAge(now - Date.parse(deletionTimestamp))})`
        : (status?.phase ?? ''),
    )
    text.field('Volume', spec.volumeName ?? '')
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('Finalizers', `[${(metadata.finalizers ?? []).join(' ')}]`)
    text.field('Capacity', spec.volumeName ? (status?.capacity?.['storage'] ?? '0') : '')
    text.field('Access Modes', spec.volumeName ? accessModes(status?.accessModes) : '')
    if (spec.volumeMode) text.field('VolumeMode', spec.volumeMode)
    if (spec.dataSource) {
      text.heading('DataSource')
      if (spec.dataSource.apiGroup) text.field('APIGroup', spec.dataSource.apiGroup, 1)
      text.field('Kind', spec.dataSource.kind, 1)
      text.field('Name', spec.dataSource.name, 1)
    }
    const pods = await view.list<Pod>('pods', { namespace: metadata.namespace })
    const users = pods.filter(pod =>
      pod.spec.volumes?.some(({ persistentVolumeClaim: used }) => used?.claimName === metadata.name),
    )
    text.list('Used By', users.map(pod => pod.metadata.name).sort())
    if (status?.conditions?.length) {
      text.heading('Conditions')
      const names = ['Type', 'Status', 'LastProbeTime', 'LastTransitionTime', 'Reason', 'Message']
      text.header(names, 1, ['----', '------', '-----------------', '------------------', '------', '-------'])
      for (const {
        type,
        status: state,
        lastProbeTime,
        lastTransitionTime,
        reason = '',
        message = '',
      } of status.conditions) {
        const cells = [type, state, longTime(lastProbeTime), longTime(lastTransitionTime), reason]
        text.line(`${cells.map(cell => `${cell} \t`).join('')}${message}`, 1)
      }
    }
    await view.events(claim)
  },
})
