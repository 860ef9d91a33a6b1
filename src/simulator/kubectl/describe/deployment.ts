import { isEqual } from '../../cluster/api/equality.ts'
import { controllerOf } from '../../cluster/api/object.ts'
import { formatSelector } from '../../cluster/api/selector.ts'
import type { Deployment } from '../../cluster/kinds/deployment.ts'
import type { ReplicaSet } from '../../cluster/kinds/replicaSet.ts'
import { withoutHash } from '../rollouts/revisions.ts'
import { defineDescriber, type View } from './describer.ts'
import { longTime } from './description.ts'
import { describePodTemplate } from './podTemplate.ts'
import { describeConditions } from './workload.ts'

export const deployment = defineDescriber<Deployment>({
  group: 'apps',
  kind: 'Deployment',
  async describe(deployment, view) {
    const { metadata, spec, status } = deployment
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.field('CreationTimestamp', longTime(metadata.creationTimestamp))
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('Selector', formatSelector(spec.selector))
    const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status
    text.field(
      'Replicas',
      `${spec.replicas} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`,
    )
    text.field('StrategyType', spec.strategy?.type)
    text.field('MinReadySeconds', spec.minReadySeconds ?? 0)
    const rolling = spec.strategy?.rollingUpdate
    if (rolling) {
      text.field('RollingUpdateStrategy', `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`)
    }
    describePodTemplate(spec.template, text)
    describeConditions(status.conditions, text)
    await describeReplicaSets(deployment, view)
    await view.events(deployment)
  },
})

async function describeReplicaSets(deployment: Deployment, view: View): Promise<void> {
  const all = await view.list<ReplicaSet>('replicasets.apps', {
    namespace: deployment.metadata.namespace,
    selector: formatSelector(deployment.spec.selector),
  })
  const own = all.filter(set => controllerOf(set)?.uid === deployment.metadata.uid)
  if (own.length === 0) return
  const wanted = withoutHash(deployment.spec.template)
  const current = own
    .toSorted((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
    .find(set => isEqual(withoutHash(set.spec.template!), wanted))
  const old = own.filter(set => set !== current)
  view.text.field('OldReplicaSets', listText(old))
  view.text.field('NewReplicaSet', listText(current ? [current] : []))
}

function listText(sets: readonly ReplicaSet[]): string {
  return (
    sets
      .map(({ metadata, spec, status }) => `${metadata.name} (${status.replicas}/${spec.replicas} replicas created)`)
      .join(', ') || '<none>'
  )
}
