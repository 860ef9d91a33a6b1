import type { StatefulSetSpec, StatefulSetStatus } from 'kubernetes-types/apps/v1'
import { requireNonNegative, requireOneOf } from '../api/checks.ts'
import { isEqual } from '../api/equality.ts'
import { type FieldError, forbidden, invalid } from '../api/fieldError.ts'
import { checkDns1123Subdomain } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn, templateColumns } from './columns.ts'
import { defineKind } from './kind.ts'
import { setOwnTemplateDefaults, validateSelectorAndTemplate } from './pods/template.ts'

/** Pods with names and storage of their own, one after the other. */
export interface StatefulSet extends KubernetesObject {
  spec: StatefulSetSpec
  status: StatefulSetStatus
}

export const statefulSet = defineKind<StatefulSet>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  hasGeneration: true,
  defaults({ spec }) {
    setOwnTemplateDefaults(spec)
    spec.podManagementPolicy ||= 'OrderedReady'
    spec.updateStrategy ??= {}
    if (!spec.updateStrategy.type) {
      spec.updateStrategy.type = 'RollingUpdate'
      spec.updateStrategy.rollingUpdate ??= {}
    }
    if (spec.updateStrategy.rollingUpdate) spec.updateStrategy.rollingUpdate.partition ??= 0
    spec.persistentVolumeClaimRetentionPolicy ??= {}
    spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= 'Retain'
    spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= 'Retain'
    spec.replicas ??= 1
    spec.revisionHistoryLimit ??= 10
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.apiVersion ??= 'v1'
      claim.kind ??= 'PersistentVolumeClaim'
      if (claim.spec) claim.spec.volumeMode ??= 'Filesystem'
      Object.assign(claim, { status: { phase: 'Pending' } })
    }
  },
  prepare(set, previous) {
    if (!previous) set.status = { replicas: 0, availableReplicas: 0 } as StatefulSet['status']
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    requireOneOf(spec.podManagementPolicy, ['OrderedReady', 'Parallel'], 'spec.podManagementPolicy', errors)
    requireOneOf(spec.updateStrategy?.type, ['OnDelete', 'RollingUpdate'], 'spec.updateStrategy.type', errors)
    requireNonNegative(
      spec.updateStrategy?.rollingUpdate?.partition,
      'spec.updateStrategy.rollingUpdate.partition',
      errors,
    )
    if (spec.updateStrategy?.type === 'OnDelete' && spec.updateStrategy.rollingUpdate)
      errors.push(
        invalid(
          'spec.updateStrategy.rollingUpdate',
          { Partition: spec.updateStrategy.rollingUpdate.partition ?? 0, MaxUnavailable: null },
          "only allowed for updateStrategy 'RollingUpdate'",
        ),
      )
    requireNonNegative(spec.replicas, 'spec.replicas', errors)
    requireNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors)
    if (spec.serviceName)
      for (const text of checkDns1123Subdomain(spec.serviceName))
        errors.push(invalid('spec.serviceName', spec.serviceName, text))
    validateSelectorAndTemplate('statefulset', spec.selector, spec.template, errors)
    return errors
  },
  validateUpdate(set, previous) {
    const freedoms = [
      'replicas',
      'ordinals',
      'template',
      'updateStrategy',
      'revisionHistoryLimit',
      'persistentVolumeClaimRetentionPolicy',
      'minReadySeconds',
    ] as const
    const kept = (spec: StatefulSetSpec): object => {
      const rest: Record<string, unknown> = { ...spec }
      for (const field of freedoms) delete rest[field]
      return rest
    }
    if (isEqual(kept(set.spec), kept(previous.spec))) return []
    return [
      forbidden(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ),
    ]
  },
  columns: [
    nameColumn,
    { name: 'Ready', value: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}` },
    ageColumn,
    ...templateColumns,
  ],
})
