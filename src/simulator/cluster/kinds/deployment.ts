import type { DeploymentSpec, DeploymentStatus, RollingUpdateDeployment } from 'kubernetes-types/apps/v1'
import { requireNonNegative, requireSame } from '../api/checks.ts'
import { type FieldError, forbidden, invalid, notSupported } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn, selectorColumn, templateColumns } from './columns.ts'
import { defineKind } from './kind.ts'
import { setOwnTemplateDefaults, validateSelectorAndTemplate } from './pods/template.ts'
import { podWarnings } from './pods/warnings.ts'
import { checkIntOrPercent, isZero } from './workloads/intOrPercent.ts'

/** Keeps pods alive and replaces them step by step when their template changes. */
export interface Deployment extends KubernetesObject {
  spec: DeploymentSpec
  status: DeploymentStatus & { terminatingReplicas?: number }
}

export const deployment = defineKind<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  hasGeneration: true,
  defaults({ spec }) {
    setOwnTemplateDefaults(spec)
    spec.replicas ??= 1
    spec.strategy ??= {}
    spec.strategy.type ||= 'RollingUpdate'
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate ??= {}
      spec.strategy.rollingUpdate.maxUnavailable ??= '25%'
      spec.strategy.rollingUpdate.maxSurge ??= '25%'
    }
    spec.revisionHistoryLimit ??= 10
    spec.progressDeadlineSeconds ??= 600
  },
  validate({ metadata, spec }) {
    const errors: FieldError[] = []
    requireNonNegative(spec.replicas, 'spec.replicas', errors)
    validateSelectorAndTemplate('deployment', spec.selector, spec.template, errors)
    validateStrategy(spec.strategy, errors)
    const rollback = Number(metadata.annotations?.['deprecated.deployment.rollback.to'])
    if (rollback < 0) errors.push(invalid('spec.rollback.version', rollback, 'must be greater than or equal to 0'))
    requireNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors)
    requireNonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors)
    requireNonNegative(spec.progressDeadlineSeconds, 'spec.progressDeadlineSeconds', errors)
    if (spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0))
      errors.push(
        invalid('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 'must be greater than minReadySeconds'),
      )
    return errors
  },
  validateUpdate({ spec }, previous) {
    const errors: FieldError[] = []
    requireSame(spec.selector, previous.spec.selector, 'spec.selector', errors)
    return errors
  },
  warnings: ({ spec }) => (spec.template.spec ? podWarnings(spec.template.spec, 'spec.template.spec') : []),
  columns: [
    nameColumn,
    { name: 'Ready', value: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}` },
    { name: 'Up-to-date', value: ({ status }) => status.updatedReplicas ?? 0 },
    { name: 'Available', value: ({ status }) => status.availableReplicas ?? 0 },
    ageColumn,
    ...templateColumns,
    selectorColumn,
  ],
})

function validateStrategy(strategy: DeploymentSpec['strategy'], errors: FieldError[]): void {
  const { type, rollingUpdate } = strategy ?? {}
  if (type !== 'Recreate' && type !== 'RollingUpdate') {
    const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {}
    const shown = {
      Type: type ?? '',
      RollingUpdate: rollingUpdate ? { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge } : null,
    }
    errors.push(notSupported('spec.strategy', shown, ['Recreate', 'RollingUpdate']))
  }
  if (type === 'Recreate' && rollingUpdate)
    errors.push(forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"))
  if (type === 'RollingUpdate' && rollingUpdate) validateRollingUpdate(rollingUpdate, errors)
}

function validateRollingUpdate({ maxUnavailable, maxSurge }: RollingUpdateDeployment, errors: FieldError[]): void {
  const path = 'spec.strategy.rollingUpdate'
  checkIntOrPercent(maxUnavailable, `${path}.maxUnavailable`, errors)
  checkIntOrPercent(maxSurge, `${path}.maxSurge`, errors)
  if (isZero(maxUnavailable) && isZero(maxSurge))
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'))
  if (/^\d+%$/.test(String(maxUnavailable)) && Number.parseInt(String(maxUnavailable), 10) > 100)
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, 'must not be greater than 100%'))
}
