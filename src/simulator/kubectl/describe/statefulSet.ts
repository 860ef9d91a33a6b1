import { formatSelector } from '../../cluster/api/selector.ts'
import { statefulSet } from '../../cluster/kinds/statefulSet.ts'
import { defineDescriber } from './describer.ts'
import { Description, timeText } from './description.ts'
import { describeEvents } from './events.ts'
import { describePodTemplate } from './podTemplate.ts'
import { phaseCounts, podsOf } from './workloads.ts'

export const statefulSetDescriber = defineDescriber(statefulSet, async (object, around) => {
  const text = new Description()
  const { metadata, spec, status } = object
  text.line(0, `Name:\t${metadata.name}`)
  text.line(0, `Namespace:\t${metadata.namespace}`)
  text.line(0, `CreationTimestamp:\t${timeText(metadata.creationTimestamp)}`)
  text.line(0, `Selector:\t${formatSelector(spec.selector)}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  text.line(0, `Replicas:\t${spec.replicas} desired | ${status.replicas} total`)
  text.line(0, `Update Strategy:\t${spec.updateStrategy?.type}`)
  const partition = spec.updateStrategy?.rollingUpdate?.partition
  if (partition !== undefined) text.line(1, `Partition:\t${partition}`)
  text.line(0, `Pods Status:\t${phaseCounts(await podsOf(object, spec.selector, around))}`)
  describePodTemplate(text, spec.template)
  const claims = spec.volumeClaimTemplates ?? []
  text.line(0, `Volume Claims:\t${claims.length === 0 ? '<none>' : ''}`)
  for (const { metadata, spec: claim } of claims) {
    text.line(1, `Name:\t${metadata?.name}`)
    text.line(1, `StorageClass:\t${claim?.storageClassName ?? ''}`)
    text.labels(1, metadata?.labels)
    text.line(1, `Capacity:\t${claim?.resources?.requests?.['storage'] ?? '<default>'}`)
    text.line(1, `Access Modes:\t[${(claim?.accessModes ?? []).join(' ')}]`)
  }
  await describeEvents(text, object, around)
  return text.toString()
})
