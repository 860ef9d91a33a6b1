import type { Pod } from 'kubernetes-types/core/v1'
import { defineCommand } from '../command.ts'
import { aggregate, type Failure, Failures } from '../failure.ts'
import { dryRun } from '../flags/changing.ts'
import { boolean, duration, integer, text } from '../flags/flag.ts'
import { chunkSize, selector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { chosenNodes, cordonNodes } from '../nodes/cordoning.ts'
import { drainListOf } from '../nodes/drainList.ts'
import { deletePods, evictPods, type LeavingOptions } from '../nodes/eviction.ts'
import { dryRunOf, withDryRun } from '../objects/dryRun.ts'
import { nameLines } from '../output/printer.ts'

const flags = {
  selector,
  'chunk-size': chunkSize,
  'dry-run': dryRun,
  'delete-emptydir-data': boolean(
    'Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained).',
  ),
  'disable-eviction': boolean(
    'Force drain to use delete, even if eviction is supported. This will bypass checking PodDisruptionBudgets, use with caution.',
  ),
  force: boolean('Continue even if there are pods that do not declare a controller.'),
  'grace-period': integer(
    'Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used.',
    -1,
  ),
  'ignore-daemonsets': boolean('Ignore DaemonSet-managed pods.'),
  'pod-selector': text('Label selector to filter pods on the node'),
  'skip-wait-for-delete-timeout': integer(
    'If pod DeletionTimestamp older than N seconds, skip waiting for the pod.  Seconds must be greater than 0 to skip.',
  ),
  timeout: duration('The length of time to wait before giving up, zero means infinite', 0, '0s'),
}

/** `kubectl drain`: drain node in preparation for maintenance. */
export const drain = defineCommand({
  name: 'drain',
  summary: 'Drain node in preparation for maintenance',
  description: `Drain node in preparation for maintenance.

 The given node will be marked unschedulable to prevent new pods from arriving. 'drain' evicts the pods if the API server supports https://kubernetes.io/docs/concepts/workloads/pods/disruptions/ eviction https://kubernetes.io/docs/concepts/workloads/pods/disruptions/ . Otherwise, it will use normal DELETE to delete the pods. The 'drain' evicts or deletes all pods except mirror pods (which cannot be deleted through the API server).  If there are daemon set-managed pods, drain will not proceed without --ignore-daemonsets, and regardless it will not delete any daemon set-managed pods, because those pods would be immediately replaced by the daemon set controller, which ignores unschedulable markings.  If there are any pods that are neither mirror pods nor managed by a replication controller, replica set, daemon set, stateful set, or job, then drain will not delete any pods unless you use --force.  --force will also allow deletion to proceed if the managing resource of one or more pods is missing.

 'drain' waits for graceful termination. You should not operate on the machine until the command completes.

 When you are ready to put the node back into service, use kubectl uncordon, which will make the node schedulable again.

https://kubernetes.io/images/docs/kubectl_drain.svg Workflowhttps://kubernetes.io/images/docs/kubectl_drain.svg`,
  examples: `  # Drain node "foo", even if there are pods not managed by a replication controller, replica set, job, daemon set, or stateful set on it
  kubectl drain foo --force

  # As above, but abort if there are pods not managed by a replication controller, replica set, job, daemon set, or stateful set, and use a grace period of 15 minutes
  kubectl drain foo --grace-period=900`,
  usage: 'NODE',
  flags,
  complete: 'node',
  async run(invocation) {
    const { flags } = invocation
    invocation.config.check()
    const dryRun = dryRunOf(flags)
    const targets = await chosenNodes(invocation, flags)
    await cordonNodes(invocation, targets, flags, true)
    const problems: Error[] = []
    const left: string[] = []
    for (const { name, object } of targets) {
      const found = await empty(invocation, name)
      if (found.length === 0) {
        await invocation.print(nameLines(object, withDryRun('drained', dryRun)))
        continue
      }
      problems.push(...found)
      left.push(name)
      await invocation.warn(
        `error: unable to drain node ${JSON.stringify(name)} due to error: ${messageOf(found)}, continuing command...`,
      )
    }
    if (left.length === 0) return
    await invocation.warn('There are pending nodes to be drained:')
    for (const name of left) await invocation.warn(` ${name}`)
    // Always told as several, which is why kubectl says no "error:" here.
    throw new Failures(problems)
  },
})

type Drain = Invocation<typeof flags>

/** Sends the pods of a node away; gives what stands against it. */
async function empty(invocation: Drain, nodeName: string): Promise<readonly Failure[]> {
  const { flags } = invocation
  const dryRun = dryRunOf(flags)
  const { pods, warnings, problems } = await drainListOf(invocation, nodeName, flags)
  if (problems.length > 0) return problems
  if (warnings.length > 0) await invocation.warn(`Warning: ${warnings.join('; ')}`)
  if (dryRun === 'client') {
    for (const { metadata } of pods) {
      await invocation.print(`evicting pod ${metadata?.namespace}/${metadata?.name} (dry run)\n`)
    }
    return []
  }
  const found = await send(invocation, pods)
  if (found.length === 0) return []
  const pending = await drainListOf(invocation, nodeName, flags)
  if (pending.pods.length > 0) {
    await invocation.warn(
      `There are pending pods in node ${JSON.stringify(nodeName)} when an error occurred: ${messageOf(found)}`,
    )
    for (const { metadata } of pending.pods) await invocation.warn(`pod/${metadata?.name}`)
  }
  return found
}

async function send(invocation: Drain, pods: readonly Pod[]): Promise<Failure[]> {
  const { flags } = invocation
  const dryRun = dryRunOf(flags)
  const isEviction = !flags['disable-eviction']
  const options: LeavingOptions = {
    resource: (await invocation.resources()).named('pods'),
    dryRun,
    gracePeriod: flags['grace-period'],
    timeout: flags.timeout,
    skipSeconds: flags['skip-wait-for-delete-timeout'],
    finished: ({ metadata }) =>
      invocation.print(`pod/${metadata?.name} ${withDryRun(isEviction ? 'evicted' : 'deleted', dryRun)}\n`),
  }
  return isEviction ? evictPods(invocation, pods, options) : deletePods(invocation, pods, options)
}

function messageOf(problems: readonly Failure[]): string {
  return aggregate(problems.map(({ message }) => message))
}
