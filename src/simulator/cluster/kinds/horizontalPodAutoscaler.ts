import type {
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscalerStatus,
  MetricSpec,
  MetricStatus,
} from 'kubernetes-types/autoscaling/v2'
import { type FieldError, invalid, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Changes the number of pods with their load. */
export interface HorizontalPodAutoscaler extends KubernetesObject {
  spec: HorizontalPodAutoscalerSpec
  status: HorizontalPodAutoscalerStatus
}

export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  defaults({ spec }) {
    spec.minReplicas ??= 1
    spec.metrics ??= [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ]
    const { scaleUp, scaleDown } = spec.behavior ?? {}
    if (scaleUp) {
      scaleUp.stabilizationWindowSeconds ??= 0
      scaleUp.selectPolicy ??= 'Max'
      scaleUp.policies ??= [
        { type: 'Pods', value: 4, periodSeconds: 15 },
        { type: 'Percent', value: 100, periodSeconds: 15 },
      ]
    }
    if (scaleDown) {
      scaleDown.selectPolicy ??= 'Max'
      scaleDown.policies ??= [{ type: 'Percent', value: 100, periodSeconds: 15 }]
    }
  },
  prepare(autoscaler, previous) {
    if (!previous) autoscaler.status = { desiredReplicas: 0, currentMetrics: null, conditions: null } as never
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    if (spec.minReplicas !== undefined && spec.minReplicas < 1)
      errors.push(invalid('spec.minReplicas', spec.minReplicas, 'must be greater than or equal to 1'))
    if (!(spec.maxReplicas >= 1))
      errors.push(invalid('spec.maxReplicas', spec.maxReplicas ?? 0, 'must be greater than 0'))
    else if (spec.minReplicas !== undefined && spec.maxReplicas < spec.minReplicas)
      errors.push(invalid('spec.maxReplicas', spec.maxReplicas, 'must be greater than or equal to `minReplicas`'))
    if (!spec.scaleTargetRef?.kind) errors.push(required('spec.scaleTargetRef.kind'))
    if (!spec.scaleTargetRef?.name) errors.push(required('spec.scaleTargetRef.name'))
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Reference', value: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}` },
    { name: 'Targets', value: ({ spec, status }) => formatMetrics(spec.metrics ?? [], status?.currentMetrics ?? []) },
    { name: 'MinPods', value: ({ spec }) => (spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas)) },
    { name: 'MaxPods', value: ({ spec }) => spec.maxReplicas },
    { name: 'Replicas', value: ({ status }) => status?.currentReplicas ?? 0 },
    ageColumn,
  ],
})

// Tables show two metrics and say how many more there are.
const shownMetrics = 2

function formatMetrics(specs: readonly MetricSpec[], statuses: readonly MetricStatus[]): string {
  if (specs.length === 0) return '<none>'
  const list = specs.slice(0, shownMetrics).map((spec, index) => formatMetric(spec, statuses[index]))
  return specs.length > shownMetrics ? `${list.join(', ')} + ${specs.length - shownMetrics} more...` : list.join(', ')
}

function formatMetric(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case 'External':
      return average(spec.external?.target, status?.external?.current)
    case 'Pods':
      return `${status?.pods?.current.averageValue ?? '<unknown>'}/${spec.pods?.target.averageValue}`
    case 'Object':
      return average(spec.object?.target, status?.object?.current)
    case 'Resource':
    case 'ContainerResource': {
      const source = spec.resource ?? spec.containerResource
      const current = (status?.resource ?? status?.containerResource)?.current
      const target = source?.target
      const shown =
        target?.averageValue !== undefined
          ? `${current?.averageValue ?? '<unknown>'}/${target.averageValue}`
          : `${current?.averageUtilization === undefined ? '<unknown>' : `${current.averageUtilization}%`}/${target?.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`
      return `${source?.name}: ${shown}`
    }
    default:
      return '<unknown type>'
  }
}

interface Amount {
  readonly averageValue?: string
  readonly value?: string
}

function average(target: Amount | undefined, current: Amount | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? '<unknown>'}/${target.averageValue} (avg)`
  return `${current?.value ?? '<unknown>'}/${target?.value}`
}
