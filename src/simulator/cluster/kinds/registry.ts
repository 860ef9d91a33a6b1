import { binding } from './binding.ts'
import { certificateSigningRequest } from './certificateSigningRequest.ts'
import { clusterRole } from './clusterRole.ts'
import { clusterRoleBinding } from './clusterRoleBinding.ts'
import { componentStatus } from './componentStatus.ts'
import { configMap } from './configMap.ts'
import { controllerRevision } from './controllerRevision.ts'
import { cronJob } from './cronJob.ts'
import { csiDriver } from './csiDriver.ts'
import { csiNode } from './csiNode.ts'
import { csiStorageCapacity } from './csiStorageCapacity.ts'
import { daemonSet } from './daemonSet.ts'
import { deployment } from './deployment.ts'
import { endpointSlice } from './endpointSlice.ts'
import { endpoints } from './endpoints.ts'
import { event } from './event.ts'
import { horizontalPodAutoscaler } from './horizontalPodAutoscaler.ts'
import { ingress } from './ingress.ts'
import { ingressClass } from './ingressClass.ts'
import { ipAddress } from './ipAddress.ts'
import { job } from './job.ts'
import type { Kind } from './kind.ts'
import { lease } from './lease.ts'
import { limitRange } from './limitRange.ts'
import { namespace } from './namespace.ts'
import { networkPolicy } from './networkPolicy.ts'
import { node } from './node.ts'
import { persistentVolume } from './persistentVolume.ts'
import { persistentVolumeClaim } from './persistentVolumeClaim.ts'
import { pod } from './pod.ts'
import { podDisruptionBudget } from './podDisruptionBudget.ts'
import { podTemplate } from './podTemplate.ts'
import { priorityClass } from './priorityClass.ts'
import { replicaSet } from './replicaSet.ts'
import { replicationController } from './replicationController.ts'
import { resourceQuota } from './resourceQuota.ts'
import { role } from './role.ts'
import { roleBinding } from './roleBinding.ts'
import { runtimeClass } from './runtimeClass.ts'
import { secret } from './secret.ts'
import { service } from './service.ts'
import { serviceAccount } from './serviceAccount.ts'
import { serviceCidr } from './serviceCidr.ts'
import { statefulSet } from './statefulSet.ts'
import { storageClass } from './storageClass.ts'
import { volumeAttachment } from './volumeAttachment.ts'
import { volumeAttributesClass } from './volumeAttributesClass.ts'

/** Every kind that the API server stores, in the order of `kubectl api-resources`. */
export const kinds: readonly Kind[] = [
  namespace,
  node,
  pod,
  service,
  endpoints,
  event,
  configMap,
  secret,
  serviceAccount,
  persistentVolume,
  persistentVolumeClaim,
  podTemplate,
  replicationController,
  resourceQuota,
  limitRange,
  componentStatus,
  binding,
  deployment,
  replicaSet,
  statefulSet,
  daemonSet,
  controllerRevision,
  job,
  cronJob,
  horizontalPodAutoscaler,
  podDisruptionBudget,
  ingress,
  ingressClass,
  networkPolicy,
  ipAddress,
  serviceCidr,
  endpointSlice,
  lease,
  priorityClass,
  role,
  roleBinding,
  clusterRole,
  clusterRoleBinding,
  certificateSigningRequest,
  storageClass,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  volumeAttachment,
  volumeAttributesClass,
  runtimeClass,
]
