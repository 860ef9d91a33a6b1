import { formatSelector } from '../../cluster/api/selector.ts'
import type { StatefulSet } from '../../cluster/kinds/statefulSet.ts'
import { defineDescriber, type View } from './describer.ts'
import { longTime } from './description.ts'
import { describePodTemplate } from './podTemplate.ts'
import { podCounts } from './workload.ts'

export const statefulSet = defineDescriber<StatefulSet>({
  group: 'apps',
  kind: 'StatefulSet',
  async describe(set, view) {
    const { metadata, spec, status } = set
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.field('CreationTimestamp', longTime(metadata.creationTimestamp))
    text.field('Selector', formatSelector(spec.selector))
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('Replicas', `${spec.replicas} desired | ${status.replicas ?? 0} total`)
    text.field('Update Strategy', spec.updateStrategy?.type)
    const rolling = spec.updateStrategy?.rollingUpdate as { partition?: number; maxUnavailable?: unknown } | undefined
    if (rolling?.partition !== undefined) {
      text.field('Partition', rolling.partition, 1)
      if (rolling.maxUnavailable !== undefined) text.field('MaxUnavailable', rolling.maxUnavailable, 1)
    }
    text.field('Pods Status', await podCounts(set, spec.selector, view))
    describePodTemplate(spec.template, text)
    describeClaims(set, view)
    await view.events(set)
  },
})

function describeClaims({ spec }: StatefulSet, { text }: View): void {
  const claims = spec.volumeClaimTemplates ?? []
  if (claims.length === 0) return text.field('Volume Claims', '<none>')
  text.heading('Volume Claims')
  for (const { metadata, spec } of claims) {
    text.field('Name', metadata?.name, 1)
    text.field('StorageClass', spec?.storageClassName ?? '', 1)
    text.labels('Labels', metadata?.labels, '  ')
    text.labels('Annotations', metadata?.annotations, '  ')
    text.field('Capacity', spec?.resources?.requests?.['storage'] ?? '<default>', 1)
    text.field('Access Modes', `[${(spec?.accessModes ?? []).join(' ')}]`, 1)
  }
}
