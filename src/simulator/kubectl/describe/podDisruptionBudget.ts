import { formatSelector } from '../../cluster/api/selector.ts'
import type { PodDisruptionBudget } from '../../cluster/kinds/podDisruptionBudget.ts'
import { defineDescriber } from './describer.ts'

export const podDisruptionBudget = defineDescriber<PodDisruptionBudget>({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  async describe(budget, view) {
    const { metadata, spec, status } = budget
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    if (spec?.minAvailable !== undefined) text.field('Min available', spec.minAvailable)
    else if (spec?.maxUnavailable !== undefined) text.field('Max unavailable', spec.maxUnavailable)
    text.field('Selector', spec?.selector ? formatSelector(spec.selector) : '<unset>')
    text.heading('Status')
    text.field('Allowed disruptions', status?.disruptionsAllowed ?? 0, 2)
    text.field('Current', status?.currentHealthy ?? 0, 2)
    text.field('Desired', status?.desiredHealthy ?? 0, 2)
    text.field('Total', status?.expectedPods ?? 0, 2)
    await view.events(budget)
  },
})
