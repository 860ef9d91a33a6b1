import { defineCommand } from '../command.ts'
import { chunkSize, selector } from '../flags/selecting.ts'
import { dryRun } from '../flags/changing.ts'
import { boolean, duration, integer, text } from '../flags/flag.ts'

const flags = {
  selector,
  'chunk-size': chunkSize,
  'dry-run': dryRun,
  'delete-emptydir-data': boolean('Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained).'),
  'disable-eviction': boolean('Force drain to use delete, even if eviction is supported. This will bypass checking PodDisruptionBudgets, use with caution.'),
  force: boolean('Continue even if there are pods that do not declare a controller.'),
  'grace-period': integer('Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used.', -1),
  'ignore-daemonsets': boolean('Ignore DaemonSet-managed pods.'),
  'pod-selector': text('Label selector to filter pods on the node'),
  'skip-wait-for-delete-timeout': integer('If pod DeletionTimestamp older than N seconds, skip waiting for the pod.  Seconds must be greater than 0 to skip.'),
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
})
