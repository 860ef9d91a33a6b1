import type { ReplicationController } from '../../cluster/kinds/replicationController.ts'
import { defineDescriber } from './describer.ts'
import { formatLabels } from './description.ts'
import { describePodTemplate } from './podTemplate.ts'
import { describeConditions, podCounts } from './workload.ts'

export const replicationController = defineDescriber<ReplicationController>({
  group: '',
  kind: 'ReplicationController',
  async describe(controller, view) {
    const { metadata, spec, status } = controller
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.field('Selector', formatLabels(spec.selector))
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('Replicas', `${status?.replicas ?? 0} current / ${spec.replicas} desired`)
    text.field('Pods Status', await podCounts(controller, { matchLabels: spec.selector ?? {} }, view))
    describePodTemplate(spec.template, text)
    describeConditions(status?.conditions, text)
    await view.events(controller)
  },
})
