import type { PodSpec, PodStatus } from 'kubernetes-types/core/v1'
import { type FieldError, forbidden } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { defineKind } from './kind.ts'
import { validateAnnotationChange, validatePodAnnotations, validateProfileTwins } from './pods/annotations.ts'
import { podColumns } from './pods/columns.ts'
import { setPodDefaults } from './pods/defaults.ts'
import { validatePodSpec } from './pods/podSpec.ts'
import { qualityOfService } from './pods/qualityOfService.ts'
import { validatePodUpdate } from './pods/update.ts'
import { validateOwnVolumes } from './pods/volumes.ts'
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
  fieldText: ({ spec }, field) => (field === 'spec.hostNetwork' ? String(spec.hostNetwork ?? false) : undefined),
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
  validate({ metadata, spec }) {
    const errors: FieldError[] = []
    if (metadata.annotations) validatePodAnnotations(metadata.annotations, spec, 'metadata.annotations', errors)
    validatePodSpec(spec, 'spec', errors)
    validateOwnVolumes(spec, metadata.name, 'spec', errors)
    return errors
  },
  validateCreate({ metadata, spec }) {
    const errors: FieldError[] = []
    if (spec.ephemeralContainers?.length) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'))
    if (metadata.annotations) validateProfileTwins(metadata.annotations, spec, 'spec', errors)
    return errors
  },
  validateUpdate(pod, previous) {
    const errors: FieldError[] = []
    const [next = {}, before = {}] = [pod.metadata.annotations, previous.metadata.annotations]
    validateAnnotationChange(next, before, 'metadata.annotations', errors)
    validatePodUpdate(pod.spec, previous.spec, errors)
    return errors
  },
  warnings: pod => podWarnings(pod.spec, 'spec'),
  columns: podColumns,
})
