import type { Controller, ControlPlane } from './controller.ts'
import { deploymentController } from './deployment.ts'
import { endpointSliceController } from './endpointSlice.ts'
import { endpointsController } from './endpoints.ts'
import { garbageCollector } from './garbageCollector.ts'
import { namespaceController } from './namespace.ts'
import { replicaSetController } from './replicaSet.ts'
import { rootCertificateController } from './rootCertificate.ts'
import { serviceAccountController } from './serviceAccount.ts'

/** Every control loop of the cluster. */
export const controllers: readonly Controller[] = [
  garbageCollector,
  namespaceController,
  serviceAccountController,
  rootCertificateController,
  endpointsController,
  endpointSliceController,
  replicaSetController,
  deploymentController,
]

/** Starts the controller manager: all loops at once. */
export function startControllers(plane: ControlPlane): void {
  for (const controller of controllers) controller.start(plane)
}
