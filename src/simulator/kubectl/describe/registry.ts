import { configMapDescriber } from './configMap.ts'
import { cronJobDescriber } from './cronJob.ts'
import { daemonSetDescriber } from './daemonSet.ts'
import { deploymentDescriber } from './deployment.ts'
import type { Describer } from './describer.ts'
import { endpointSliceDescriber } from './endpointSlice.ts'
import { endpointsDescriber } from './endpoints.ts'
import { ingressDescriber } from './ingress.ts'
import { jobDescriber } from './job.ts'
import { namespaceDescriber } from './namespace.ts'
import { networkPolicyDescriber } from './networkPolicy.ts'
import { nodeDescriber } from './node.ts'
import { podDescriber } from './pod.ts'
import { replicaSetDescriber } from './replicaSet.ts'
import { secretDescriber } from './secret.ts'
import { serviceDescriber } from './service.ts'
import { serviceAccountDescriber } from './serviceAccount.ts'
import { statefulSetDescriber } from './statefulSet.ts'

/** Kinds with a description of their own; all others get the generic one. */
export const describers = [
  configMapDescriber,
  cronJobDescriber,
  daemonSetDescriber,
  deploymentDescriber,
  endpointSliceDescriber,
  endpointsDescriber,
  ingressDescriber,
  jobDescriber,
  namespaceDescriber,
  networkPolicyDescriber,
  nodeDescriber,
  podDescriber,
  replicaSetDescriber,
  secretDescriber,
  serviceDescriber,
  serviceAccountDescriber,
  statefulSetDescriber,
] as unknown as readonly Describer[]
