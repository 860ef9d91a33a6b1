import { formatSelector } from '../../cluster/api/selector.ts'
import type { DaemonSet } from '../../cluster/kinds/daemonSet.ts'
import { defineDescriber } from './describer.ts'
import { formatLabels } from './description.ts'
import { describePodTemplate } from './podTemplate.ts'
import { podCounts } from './workload.ts'

export const daemonSet = defineDescriber<DaemonSet>({
  group: 'apps',
  kind: 'DaemonSet',
  async describe(set, view) {
    const { metadata, spec, status } = set
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.field('Selector', formatSelector(spec.selector))
    text.field('Node-Selector', formatLabels(spec.template.spec?.nodeSelector))
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.line(`Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled ?? 0}`)
    text.line(`Current Number of Nodes Scheduled: ${status.currentNumberScheduled ?? 0}`)
    text.line(`Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`)
    text.line(`Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`)
    text.line(`Number of Nodes Misscheduled: ${status.numberMisscheduled ?? 0}`)
    text.field('Pods Status', await podCounts(set, spec.selector, view))
    describePodTemplate(spec.template, text)
    await view.events(set)
  },
})
