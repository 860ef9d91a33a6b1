import { controllerOf } from '../../cluster/api/object.ts'
import { formatSelector } from '../../cluster/api/selector.ts'
import { replicaSet } from '../../cluster/kinds/replicaSet.ts'
import { defineDescriber } from './describer.ts'
import { Description } from './description.ts'
import { describeEvents } from './events.ts'
import { describePodTemplate } from './podTemplate.ts'
import { phaseCounts, podsOf } from './workloads.ts'

export const replicaSetDescriber = defineDescriber(replicaSet, async (object, around) => {
  const text = new Description()
  const { metadata, spec, status } = object
  text.line(0, `Name:\t${metadata.name}`)
  text.line(0, `Namespace:\t${metadata.namespace}`)
  text.line(0, `Selector:\t${formatSelector(spec.selector)}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  const controller = controllerOf(object)
  if (controller) text.line(0, `Controlled By:\t${controller.kind}/${controller.name}`)
  text.line(0, `Replicas:\t${status.replicas ?? 0} current / ${spec.replicas} desired`)
  text.line(0, `Pods Status:\t${phaseCounts(await podsOf(object, spec.selector, around))}`)
  describePodTemplate(text, spec.template)
  if (status.conditions?.length) {
    text.line(0, 'Conditions:')
    text.line(1, 'Type\tStatus\tReason')
    text.line(1, '----\t------\t------')
    for (const { type, status: state, reason } of status.conditions) text.line(1, `${type} \t${state}\t${reason ?? ''}`)
  }
  await describeEvents(text, object, around)
  return text.toString()
})
