import { isControlledBy } from '../../cluster/api/object.ts'
import { formatSelector } from '../../cluster/api/selector.ts'
import { type Deployment, deployment } from '../../cluster/kinds/deployment.ts'
import { type ReplicaSet, replicaSet } from '../../cluster/kinds/replicaSet.ts'
import { defineDescriber, type Surroundings } from './describer.ts'
import { Description, timeText } from './description.ts'
import { describeEvents } from './events.ts'
import { describePodTemplate } from './podTemplate.ts'
import { replicaSetsText } from './workloads.ts'

export const deploymentDescriber = defineDescriber(deployment, async (object, around) => {
  const text = new Description()
  const { metadata, spec, status } = object
  text.line(0, `Name:\t${metadata.name}`)
  text.line(0, `Namespace:\t${metadata.namespace}`)
  text.line(0, `CreationTimestamp:\t${timeText(metadata.creationTimestamp)}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  text.line(0, `Selector:\t${formatSelector(spec.selector)}`)
  const counts = [
    `${spec.replicas} desired`,
    `${status.updatedReplicas ?? 0} updated`,
    `${status.replicas ?? 0} total`,
    `${status.availableReplicas ?? 0} available`,
    `${status.unavailableReplicas ?? 0} unavailable`,
  ]
  text.line(0, `Replicas:\t${counts.join(' | ')}`)
  text.line(0, `StrategyType:\t${spec.strategy?.type}`)
  text.line(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`)
  const rolling = spec.strategy?.rollingUpdate
  if (rolling)
    text.line(0, `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`)
  describePodTemplate(text, spec.template)
  if (status.conditions?.length) {
    text.line(0, 'Conditions:')
    text.line(1, 'Type\tStatus\tReason')
    text.line(1, '----\t------\t------')
    for (const { type, status: state, reason } of status.conditions) text.line(1, `${type} \t${state}\t${reason ?? ''}`)
  }
  const { current, old } = await replicaSetsOf(object, around)
  text.line(0, `OldReplicaSets:\t${replicaSetsText(old)}`)
  text.line(0, `NewReplicaSet:\t${replicaSetsText(current ? [current] : [])}`)
  await describeEvents(text, object, around)
  return text.toString()
})

/** The replica set of the present revision, and those that came before it. */
async function replicaSetsOf(
  object: Deployment,
  around: Surroundings,
): Promise<{ current: ReplicaSet | undefined; old: ReplicaSet[] }> {
  const revision = 'deployment.kubernetes.io/revision'
  const { namespace } = object.metadata
  const all = await around.list(replicaSet, {
    ...(namespace ? { namespace } : {}),
    labels: formatSelector(object.spec.selector),
  })
  const own = all.filter(set => isControlledBy(set, object))
  const current = own.find(set => set.metadata.annotations?.[revision] === object.metadata.annotations?.[revision])
  return { current, old: own.filter(set => set !== current) }
}
