import type { PriorityClass } from 'kubernetes-types/scheduling/v1'
import type { KubernetesObject } from '../../cluster/api/object.ts'
import { defineDescriber } from './describer.ts'
import { formatLabels } from './description.ts'

export const priorityClass = defineDescriber<PriorityClass & KubernetesObject>({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  async describe(priority, view) {
    const { text } = view
    text.field('Name', priority.metadata.name)
    text.field('Value', priority.value)
    text.field('GlobalDefault', priority.globalDefault ?? false)
    text.field('PreemptionPolicy', priority.preemptionPolicy)
    text.field('Description', priority.description ?? '')
    text.field('Annotations', formatLabels(priority.metadata.annotations))
    await view.events(priority)
  },
})
