import { apiService } from './apiService.ts'
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
import { customResourceDefinition } from './customResourceDefinition.ts'
import { daemonSet } from './daemonSet.ts'
import { deployment } from './deployment.ts'
import { deviceClass } from './deviceClass.ts'
import { endpointSlice } from './endpointSlice.ts'
import { endpoints } from './endpoints.ts'
import { event } from './event.ts'
import { flowSchema } from './flowSchema.ts'
import { horizontalPodAutoscaler } from './horizontalPodAutoscaler.ts'
import { horizontalPodAutoscalerV1 } from './horizontalPodAutoscalerV1.ts'
import { ingress } from './ingress.ts'
import { ingressClass } from './ingressClass.ts'
import { ipAddress } from './ipAddress.ts'
import { job } from './job.ts'
import type { Kind } from './kind.ts'
import { lease } from './lease.ts'
import { limitRange } from './limitRange.ts'
import { localSubjectAccessReview } from './localSubjectAccessReview.ts'
import { mutatingAdmissionPolicy } from './mutatingAdmissionPolicy.ts'
import { mutatingAdmissionPolicyBinding } from './mutatingAdmissionPolicyBinding.ts'
import { mutatingWebhookConfiguration } from './mutatingWebhookConfiguration.ts'
import { namespace } from './namespace.ts'
import { networkPolicy } from './networkPolicy.ts'
import { newEvent } from './newEvent.ts'
import { node } from './node.ts'
import { persistentVolume } from './persistentVolume.ts'
import { persistentVolumeClaim } from './persistentVolumeClaim.ts'
import { pod } from './pod.ts'
import { podDisruptionBudget } from './podDisruptionBudget.ts'
import { podTemplate } from './podTemplate.ts'
import { priorityClass } from './priorityClass.ts'
import { priorityLevelConfiguration } from './priorityLevelConfiguration.ts'
import { replicaSet } from './replicaSet.ts'
import { replicationController } from './replicationController.ts'
import { resourceClaim } from './resourceClaim.ts'
import { resourceClaimTemplate } from './resourceClaimTemplate.ts'
import { resourceQuota } from './resourceQuota.ts'
import { resourceSlice } from './resourceSlice.ts'
import { role } from './role.ts'
import { roleBinding } from './roleBinding.ts'
import { runtimeClass } from './runtimeClass.ts'
import { secret } from './secret.ts'
import { selfSubjectAccessReview } from './selfSubjectAccessReview.ts'
import { selfSubjectReview } from './selfSubjectReview.ts'
import { selfSubjectRulesReview } from './selfSubjectRulesReview.ts'
import { service } from './service.ts'
import { serviceAccount } from './serviceAccount.ts'
import { serviceCidr } from './serviceCidr.ts'
import { statefulSet } from './statefulSet.ts'
import { storageClass } from './storageClass.ts'
import { subjectAccessReview } from './subjectAccessReview.ts'
import { tokenReview } from './tokenReview.ts'
import { validatingAdmissionPolicy } from './validatingAdmissionPolicy.ts'
import { validatingAdmissionPolicyBinding } from './validatingAdmissionPolicyBinding.ts'
import { validatingWebhookConfiguration } from './validatingWebhookConfiguration.ts'
import { volumeAttachment } from './volumeAttachment.ts'
import { volumeAttributesClass } from './volumeAttributesClass.ts'

/** Every kind that the API server knows, group by group in the order in which the server lists them. */
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
  apiService,
  deployment,
  replicaSet,
  statefulSet,
  daemonSet,
  controllerRevision,
  newEvent,
  selfSubjectReview,
  tokenReview,
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  horizontalPodAutoscaler,
  horizontalPodAutoscalerV1,
  job,
  cronJob,
  certificateSigningRequest,
  ingress,
  ingressClass,
  networkPolicy,
  ipAddress,
  serviceCidr,
  podDisruptionBudget,
  role,
  roleBinding,
  clusterRole,
  clusterRoleBinding,
  storageClass,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  volumeAttachment,
  volumeAttributesClass,
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  mutatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  validatingWebhookConfiguration,
  customResourceDefinition,
  priorityClass,
  lease,
  runtimeClass,
  endpointSlice,
  deviceClass,
  resourceClaim,
  resourceClaimTemplate,
  resourceSlice,
  flowSchema,
  priorityLevelConfiguration,
]
