import type { Deployment } from '../../kinds/deployment.ts'

export type DeploymentCondition = NonNullable<NonNullable<Deployment['status']>['conditions']>[number]

/** The progress deadline that means "none". */
const forever = 2 ** 31 - 1

export function hasProgressDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== forever
}

export function conditionOf(
  conditions: readonly DeploymentCondition[] | undefined,
  type: string,
): DeploymentCondition | undefined {
  return conditions?.find(condition => condition.type === type)
}

export function newCondition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  timestamp: string,
): DeploymentCondition {
  return { type, status, lastUpdateTime: timestamp, lastTransitionTime: timestamp, reason, message }
}

/** The same status for the same reason leaves the old condition alone; a new reason keeps the time of transition. */
export function withCondition(
  conditions: readonly DeploymentCondition[],
  condition: DeploymentCondition,
): DeploymentCondition[] {
  const current = conditionOf(conditions, condition.type)
  if (current?.status === condition.status && current.reason === condition.reason) return [...conditions]
  return replaceCondition(
    conditions,
    current?.status === condition.status
      ? { ...condition, lastTransitionTime: current.lastTransitionTime! }
      : condition,
  )
}

export function replaceCondition(
  conditions: readonly DeploymentCondition[],
  condition: DeploymentCondition,
): DeploymentCondition[] {
  return [...withoutCondition(conditions, condition.type), condition]
}

export function withoutCondition(conditions: readonly DeploymentCondition[], type: string): DeploymentCondition[] {
  return conditions.filter(condition => condition.type !== type)
}
