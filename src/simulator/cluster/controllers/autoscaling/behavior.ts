import type { HorizontalPodAutoscalerSpec, HPAScalingRules } from 'kubernetes-types/autoscaling/v2'

/** A number of replicas that was proposed, or a change that was made, and when: milliseconds. */
export interface Moment {
  readonly at: number
  readonly replicas: number
}

/** What an autoscaler remembers. */
export interface History {
  readonly proposals: readonly Moment[]
  /** Changes: above zero for pods that were added. */
  readonly changes: readonly Moment[]
}

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

export interface Decision {
  readonly replicas: number
  readonly able: Condition
  readonly limited: Condition
}

const defaults = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    selectPolicy: 'Max',
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
  },
}

const longestMemory = 3_600_000

/** Keeps a proposal within what the autoscaler allows: how soon, how fast, how many (podautoscaler/horizontal.go). */
export function decide(
  spec: HorizontalPodAutoscalerSpec,
  proposed: number,
  current: number,
  history: History,
  now: number,
): Decision {
  const up = { ...defaults.scaleUp, ...spec.behavior?.scaleUp }
  const down = { ...defaults.scaleDown, ...spec.behavior?.scaleDown }
  const stable = stabilize(proposed, current, history, now, up, down)
  const able: Condition =
    stable === proposed
      ? condition('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size')
      : stable > proposed
        ? condition(
            'AbleToScale',
            'True',
            'ScaleDownStabilized',
            'recent recommendations were higher than current one, applying the highest recent recommendation',
          )
        : condition(
            'AbleToScale',
            'True',
            'ScaleUpStabilized',
            'recent recommendations were lower than current one, applying the lowest recent recommendation',
          )
  return { able, ...limit(spec, stable, current, history, now, up, down) }
}

/** The history with one more proposal, without what is too old to matter. */
export function remember(history: History, proposal: Moment, change: Moment | undefined): History {
  const recent = (moments: readonly Moment[]) => moments.filter(({ at }) => at > proposal.at - longestMemory)
  return {
    proposals: [...recent(history.proposals), proposal],
    changes: [...recent(history.changes), ...(change ? [change] : [])],
  }
}

function stabilize(
  proposed: number,
  current: number,
  { proposals }: History,
  now: number,
  up: HPAScalingRules,
  down: HPAScalingRules,
): number {
  const since = (rules: HPAScalingRules) => {
    const begin = now - (rules.stabilizationWindowSeconds ?? 0) * 1000
    return proposals.filter(({ at }) => at > begin).map(({ replicas }) => replicas)
  }
  const lowest = Math.min(proposed, ...since(up))
  const highest = Math.max(proposed, ...since(down))
  return Math.min(Math.max(current, lowest), highest)
}

function limit(
  { minReplicas = 1, maxReplicas }: HorizontalPodAutoscalerSpec,
  wanted: number,
  current: number,
  { changes }: History,
  now: number,
  up: HPAScalingRules,
  down: HPAScalingRules,
): Pick<Decision, 'replicas' | 'limited'> {
  const limited = (reason: string, message: string) => condition('ScalingLimited', 'True', reason, message)
  if (wanted > current) {
    const most = Math.max(current, mostAfter(current, up, changes, now))
    if (wanted > Math.min(most, maxReplicas))
      return most < maxReplicas
        ? {
            replicas: most,
            limited: limited(
              'ScaleUpLimit',
              'the desired replica count is increasing faster than the maximum scale rate',
            ),
          }
        : {
            replicas: maxReplicas,
            limited: limited('TooManyReplicas', 'the desired replica count is more than the maximum replica count'),
          }
  } else if (wanted < current) {
    const least = Math.min(current, leastAfter(current, down, changes, now))
    if (wanted < Math.max(least, minReplicas))
      return least > minReplicas
        ? {
            replicas: least,
            limited: limited(
              'ScaleDownLimit',
              'the desired replica count is decreasing faster than the maximum scale rate',
            ),
          }
        : {
            replicas: minReplicas,
            limited: limited('TooFewReplicas', 'the desired replica count is less than the minimum replica count'),
          }
  }
  const fine = condition(
    'ScalingLimited',
    'False',
    'DesiredWithinRange',
    'the desired count is within the acceptable range',
  )
  return { replicas: Math.min(maxReplicas, Math.max(minReplicas, wanted)), limited: fine }
}

function mostAfter(current: number, rules: HPAScalingRules, changes: readonly Moment[], now: number): number {
  if (rules.selectPolicy === 'Disabled') return current
  const limits = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const before = current - changedSince(changes, now - periodSeconds * 1000, 1)
    return type === 'Pods' ? before + value : Math.ceil(before * (1 + value / 100))
  })
  return rules.selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits)
}

function leastAfter(current: number, rules: HPAScalingRules, changes: readonly Moment[], now: number): number {
  if (rules.selectPolicy === 'Disabled') return current
  const limits = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const before = current + changedSince(changes, now - periodSeconds * 1000, -1)
    return type === 'Pods' ? before - value : Math.floor(before * (1 - value / 100))
  })
  return rules.selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits)
}

function changedSince(changes: readonly Moment[], begin: number, sign: 1 | -1): number {
  return changes.reduce((sum, { at, replicas }) => sum + (at > begin ? Math.max(0, replicas * sign) : 0), 0)
}

function condition(type: string, status: 'True' | 'False', reason: string, message: string): Condition {
  return { type, status, reason, message }
}
