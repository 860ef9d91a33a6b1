import type { PodSpec, PodStatus } from 'kubernetes-types/core/v1'
import { type FieldError, forbidden, invalid } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { defineKind } from './kind.ts'
import { podColumns } from './pods/columns.ts'
import { setPodDefaults } from './pods/defaults.ts'
import { validatePodSpec } from './pods/podSpec.ts'
import { qualityOfService } from './pods/qualityOfService.ts'
import { validatePodUpdate } from './pods/update.ts'
import { podWarnings } from './pods/warnings.ts'

export type {
  Container,
  ContainerPort,
  ContainerState,
  ContainerStatus,
  EnvVar,
  PodCondition,
  PodSpec,
  PodStatus,
  PodTemplateSpec,
  Probe,
  Toleration,
  Volume,
} from 'kubernetes-types/core/v1'

/** Containers that share an address and a fate. */
export interface Pod extends KubernetesObject {
  spec: PodSpec
  status: PodStatus
}

/** Marks the image in the API of a pod that a kubelet runs from a file. */
const mirrorAnnotation = 'kubernetes.io/config.mirror'

export const pod = defineKind<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  subresources: [
    'status',
    'attach',
    'binding',
    'ephemeralcontainers',
    'eviction',
    'exec',
    'log',
    'portforward',
    'proxy',
    'resize',
  ],
  hasGeneration: true,
  fieldLabels: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  defaults: ({ spec }) => setPodDefaults(spec),
  prepare(pod, previous) {
    if (previous) return
    const gated = (pod.spec.schedulingGates?.length ?? 0) > 0
    pod.status = { phase: 'Pending', qosClass: qualityOfService(pod.spec) }
    if (gated)
      pod.status.conditions = [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
        },
      ]
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    validatePodSpec(spec, 'spec', errors)
    return errors
  },
  validateCreate: ({ metadata, spec }) => [
    ...(spec.ephemeralContainers?.length ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')] : []),
    ...(metadata.annotations?.[mirrorAnnotation] !== undefined && !spec.nodeName
      ? [
          invalid(
            `metadata.annotations[${mirrorAnnotation}]`,
            metadata.annotations[mirrorAnnotation],
            'must set spec.nodeName if mirror pod annotation is set',
          ),
        ]
      : []),
  ],
  validateUpdate(pod, previous) {
    const errors: FieldError[] = []
    validatePodUpdate(pod.spec, previous.spec, errors)
    return errors
  },
  warnings: pod => podWarnings(pod.spec, 'spec'),
  columns: podColumns,
})
