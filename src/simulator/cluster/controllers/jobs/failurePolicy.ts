import type { PodFailurePolicyOnExitCodesRequirement, PodFailurePolicyRule } from 'kubernetes-types/batch/v1'
import type { ContainerStatus } from 'kubernetes-types/core/v1'
import type { Job } from '../../kinds/job.ts'
import type { Pod } from '../../kinds/pod.ts'

/** What a Job makes of a failed pod. */
export interface Judgement {
  /** Whether the failure counts towards the limits. */
  readonly counts: boolean
  readonly endsIndex: boolean
  /** Why the whole Job fails at once, if it does. */
  readonly verdict?: string
}

const ordinary: Judgement = { counts: true, endsIndex: false }

/** Whether a pod has failed: a deleted one has, too, unless the Job waits for pods to end by themselves. */
export function hasFailed({ status, metadata }: Pod, job: Job): boolean {
  if (status?.phase === 'Failed') return true
  if (job.spec.podReplacementPolicy === 'Failed') return false
  return metadata.deletionTimestamp !== undefined && status?.phase !== 'Succeeded'
}

/** Finds the first rule of the Job's policy that a failed pod matches. */
export function judge(failed: Pod, { spec }: Job): Judgement {
  const { name, namespace } = failed.metadata
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const reason = matchRule(rule, failed)
    if (reason === undefined) continue
    switch (rule.action) {
      case 'Ignore':
        return { counts: false, endsIndex: false }
      case 'FailIndex':
        return { counts: true, endsIndex: true }
      case 'Count':
        return ordinary
      case 'FailJob':
        return {
          ...ordinary,
          verdict: `${reason(`${namespace}/${name}`)} matching ${rule.action} rule at index ${index}`,
        }
    }
  }
  return ordinary
}

/** What about a pod matches a rule, as a sentence about it. */
function matchRule(
  { onExitCodes, onPodConditions }: PodFailurePolicyRule,
  { status }: Pod,
): ((name: string) => string) | undefined {
  if (onExitCodes) {
    const ended = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]
    const match = ended.find(container => matchesExitCode(container, onExitCodes))
    if (!match) return undefined
    return name => `Container ${match.name} for pod ${name} failed with exit code ${match.state?.terminated?.exitCode}`
  }
  const condition = status?.conditions?.find(({ type, status: state }) =>
    onPodConditions?.some(pattern => pattern.type === type && (pattern.status || 'True') === state),
  )
  return condition && (name => `Pod ${name} has condition ${condition.type}`)
}

function matchesExitCode(
  { name, state }: ContainerStatus,
  { containerName, operator, values }: PodFailurePolicyOnExitCodesRequirement,
): boolean {
  const code = state?.terminated?.exitCode
  if (!code || (containerName !== undefined && containerName !== name)) return false
  return values.includes(code) === (operator === 'In')
}
