import type { Pod } from 'kubernetes-types/core/v1'
import { Failure, isNotFound } from '../failure.ts'
import type { Invocation } from '../invocation.ts'

/** The flags that say which pods may go when a node is emptied. */
export interface DrainFlags {
  readonly force: boolean
  readonly 'ignore-daemonsets': boolean
  readonly 'delete-emptydir-data': boolean
  readonly 'pod-selector': string
  readonly 'skip-wait-for-delete-timeout': number
}

/** What becomes of a pod when its node is emptied. */
interface Verdict {
  readonly goes: boolean
  readonly warning?: string
  /** Why it cannot go. */
  readonly problem?: string
}

/** The pods that go when a node is emptied, and what is to be said about the others. */
export interface DrainList {
  readonly pods: readonly Pod[]
  readonly warnings: readonly string[]
  readonly problems: readonly Failure[]
}

/** Looks at the pods of a node, those of every namespace. */
export async function drainListOf(invocation: Invocation, nodeName: string, flags: DrainFlags): Promise<DrainList> {
  const { api } = invocation
  const resource = (await invocation.resources()).named('pods')
  const list = await api.list(resource, undefined, {
    labelSelector: flags['pod-selector'] || undefined,
    fieldSelector: `spec.nodeName=${nodeName}`,
    limit: '500',
  })
  const pods: Pod[] = []
  const warnings = new Map<string, string[]>()
  const problems = new Map<string, string[]>()
  for (const pod of list.items as unknown as Pod[]) {
    const { goes, warning, problem } = await judge(invocation, pod, flags)
    const name = `${pod.metadata?.namespace}/${pod.metadata?.name}`
    if (goes) pods.push(pod)
    if (warning) add(warnings, warning, name)
    if (problem) add(problems, problem, name)
  }
  return {
    pods,
    warnings: [...warnings].map(([text, names]) => `${text}: ${names.join(', ')}`),
    problems: [...problems].map(([text, names]) => new Failure(`cannot delete ${text}: ${names.join(', ')}`)),
  }
}

// k8s.io/kubectl/pkg/drain/filters.go: the first filter that keeps a pod decides, otherwise the last one.
async function judge(invocation: Invocation, pod: Pod, flags: DrainFlags): Promise<Verdict> {
  if (hasBeenDeletedLongAgo(pod, flags['skip-wait-for-delete-timeout'], invocation.now)) return { goes: false }
  const controller = pod.metadata?.ownerReferences?.find(owner => owner.controller)
  const isFinished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
  if (controller?.kind === 'DaemonSet' && !isFinished) {
    const verdict = await judgeDaemonPod(invocation, pod, controller.name, flags)
    if (!verdict.goes) return verdict
  }
  if (pod.metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined) return { goes: false }
  const hasLocalData = pod.spec?.volumes?.some(({ emptyDir }) => emptyDir !== undefined) ?? false
  if (hasLocalData && !isFinished && !flags['delete-emptydir-data']) {
    return { goes: false, problem: 'Pods with local storage (use --delete-emptydir-data to override)' }
  }
  if (controller || isFinished) return { goes: true }
  return flags.force
    ? { goes: true, warning: 'deleting Pods that declare no controller' }
    : { goes: false, problem: 'Pods that declare no controller (use --force to override)' }
}

async function judgeDaemonPod({ api }: Invocation, pod: Pod, owner: string, flags: DrainFlags): Promise<Verdict> {
  try {
    await api.read(`/apis/apps/v1/namespaces/${pod.metadata?.namespace}/daemonsets/${owner}`)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return isNotFound(error) && flags.force
      ? { goes: true, warning: error.message }
      : { goes: false, problem: error.message }
  }
  return flags['ignore-daemonsets']
    ? { goes: false, warning: 'ignoring DaemonSet-managed Pods' }
    : { goes: false, problem: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' }
}

/** Whether a pod should have been gone for some seconds, so that nobody waits for it. */
export function hasBeenDeletedLongAgo({ metadata }: Pod, seconds: number, now: number): boolean {
  const since = metadata?.deletionTimestamp
  return seconds > 0 && since !== undefined && Math.trunc((now - Date.parse(since)) / 1000) > seconds
}

function add(groups: Map<string, string[]>, text: string, name: string): void {
  groups.set(text, [...(groups.get(text) ?? []), name])
}
