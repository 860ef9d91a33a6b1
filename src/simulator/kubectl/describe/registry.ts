import { clusterRole } from './clusterRole.ts'
import { clusterRoleBinding } from './clusterRoleBinding.ts'
import { configMap } from './configMap.ts'
import { cronJob } from './cronJob.ts'
import { daemonSet } from './daemonSet.ts'
import { deployment } from './deployment.ts'
import type { Describer } from './describer.ts'
import { endpointSlice } from './endpointSlice.ts'
import { endpoints } from './endpoints.ts'
import { horizontalPodAutoscaler } from './horizontalPodAutoscaler.ts'
import { ingress } from './ingress.ts'
import { ingressClass } from './ingressClass.ts'
import { ipAddress } from './ipAddress.ts'
import { job } from './job.ts'
import { limitRange } from './limitRange.ts'
import { namespace } from './namespace.ts'
import { networkPolicy } from './networkPolicy.ts'
import { node } from './node.ts'
import { persistentVolume } from './persistentVolume.ts'
import { persistentVolumeClaim } from './persistentVolumeClaim.ts'
import { pod } from './pod.ts'
import { podDisruptionBudget } from './podDisruptionBudget.ts'
import { priorityClass } from './priorityClass.ts'
import { replicaSet } from './replicaSet.ts'
import { replicationController } from './replicationController.ts'
import { resourceQuota } from './resourceQuota.ts'
import { role } from './role.ts'
import { roleBinding } from './roleBinding.ts'
import { secret } from './secret.ts'
import { service } from './service.ts'
import { serviceAccount } from './serviceAccount.ts'
import { serviceCidr } from './serviceCidr.ts'
import { statefulSet } from './statefulSet.ts'
import { storageClass } from './storageClass.ts'

/** The kinds that have a description of their own; all others get the generic one. */
export const describers: readonly Describer[] = [
  clusterRole,
  clusterRoleBinding,
  configMap,
  cronJob,
  daemonSet,
  deployment,
  endpointSlice,
  endpoints,
  horizontalPodAutoscaler,
  ingress,
  ingressClass,
  ipAddress,
  job,
  limitRange,
  namespace,
  networkPolicy,
  node,
  persistentVolume,
  persistentVolumeClaim,
  pod,
  podDisruptionBudget,
  priorityClass,
  replicaSet,
  replicationController,
  resourceQuota,
  role,
  roleBinding,
  secret,
  service,
  serviceAccount,
  serviceCidr,
  statefulSet,
  storageClass,
]
