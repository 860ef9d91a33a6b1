import { controllerOf } from '../../cluster/api/object.ts'
import { formatSelector } from '../../cluster/api/selector.ts'
import type { ReplicaSet } from '../../cluster/kinds/replicaSet.ts'
import { defineDescriber } from './describer.ts'
import { describePodTemplate } from './podTemplate.ts'
import { describeConditions, podCounts } from './workload.ts'

export const replicaSet = defineDescriber<ReplicaSet>({
  group: 'apps',
  kind: 'ReplicaSet',
  async describe(set, view) {
    const { metadata, spec, status } = set
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.field('Selector', formatSelector(spec.selector))
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    const owner = controllerOf(set)
    if (owner) text.field('Controlled By', `${owner.kind}/${owner.name}`)
    text.field('Replicas', `${status.replicas} current / ${spec.replicas} desired`)
    text.field('Pods Status', await podCounts(set, spec.selector, view))
    describePodTemplate(spec.template, text)
    describeConditions(status.conditions, text)
    await view.events(set)
  },
})
