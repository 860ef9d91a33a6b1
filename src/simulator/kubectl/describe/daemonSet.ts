import { formatSelector } from '../../cluster/api/selector.ts'
import { daemonSet } from '../../cluster/kinds/daemonSet.ts'
import { defineDescriber } from './describer.ts'
import { Description, selectorText } from './description.ts'
import { describeEvents } from './events.ts'
import { describePodTemplate } from './podTemplate.ts'
import { phaseCounts, podsOf } from './workloads.ts'

export const daemonSetDescriber = defineDescriber(daemonSet, async (object, around) => {
  const text = new Description()
  const { metadata, spec, status } = object
  text.line(0, `Name:\t${metadata.name}`)
  text.line(0, `Namespace:\t${metadata.namespace}`)
  text.line(0, `Selector:\t${formatSelector(spec.selector)}`)
  text.line(0, `Node-Selector:\t${selectorText(spec.template.spec?.nodeSelector)}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  text.line(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled}`)
  text.line(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled}`)
  text.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`)
  text.line(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`)
  text.line(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled}`)
  text.line(0, `Pods Status:\t${phaseCounts(await podsOf(object, spec.selector, around))}`)
  describePodTemplate(text, spec.template)
  await describeEvents(text, object, around)
  return text.toString()
})
