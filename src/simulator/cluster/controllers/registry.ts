import { certificateApprover, certificateCleaner, certificateSigner } from './certificates.ts'
import type { Controller, ControlPlane } from './controller.ts'
import { cronJobController } from './cronJob.ts'
import { daemonSetController } from './daemonSet.ts'
import { deploymentController } from './deployment.ts'
import { disruptionController } from './disruption.ts'
import { endpointSliceController } from './endpointSlice.ts'
import { endpointSliceMirroringController } from './endpointSliceMirroring.ts'
import { endpointsController } from './endpoints.ts'
import { ephemeralVolumeController } from './ephemeralVolume.ts'
import { garbageCollector } from './garbageCollector.ts'
import { horizontalPodAutoscalerController } from './horizontalPodAutoscaler.ts'
import { jobController } from './job.ts'
import { jobOrphanController } from './jobOrphans.ts'
import { namespaceController } from './namespace.ts'
import { nodeAddressController } from './nodeAddresses.ts'
import { nodeLifecycleController } from './nodeLifecycle.ts'
import { persistentVolumeController } from './persistentVolume.ts'
import { podGarbageCollector } from './podGarbage.ts'
import { replicaSetController } from './replicaSet.ts'
import { replicationControllerController } from './replicationController.ts'
import { resourceQuotaController } from './resourceQuota.ts'
import { rootCertificateController } from './rootCertificate.ts'
import { serviceAccountController } from './serviceAccount.ts'
import { statefulSetController } from './statefulSet.ts'
import { claimProtectionController, volumeProtectionController } from './storageProtection.ts'
import { taintEvictionController } from './taintEviction.ts'
import { ttlAfterFinishedController } from './ttlAfterFinished.ts'

/** Every control loop of the cluster. */
export const controllers: readonly Controller[] = [
  garbageCollector,
  namespaceController,
  serviceAccountController,
  rootCertificateController,
  nodeAddressController,
  nodeLifecycleController,
  taintEvictionController,
  podGarbageCollector,
  resourceQuotaController,
  endpointsController,
  endpointSliceController,
  endpointSliceMirroringController,
  replicationControllerController,
  replicaSetController,
  deploymentController,
  daemonSetController,
  statefulSetController,
  jobController,
  jobOrphanController,
  cronJobController,
  ttlAfterFinishedController,
  horizontalPodAutoscalerController,
  certificateApprover,
  certificateSigner,
  certificateCleaner,
  disruptionController,
  persistentVolumeController,
  ephemeralVolumeController,
  claimProtectionController,
  volumeProtectionController,
]

/** Starts the controller manager: all loops at once. */
export function startControllers(plane: ControlPlane): void {
  for (const controller of controllers) controller.start(plane)
}
