import type { HorizontalPodAutoscalerSpec, HorizontalPodAutoscalerStatus } from 'kubernetes-types/autoscaling/v1'
import type { KubernetesObject } from '../api/object.ts'
import { type HorizontalPodAutoscaler, horizontalPodAutoscaler } from './horizontalPodAutoscaler.ts'
import { defineKind } from './kind.ts'

/** An autoscaler in its first version, which knows only the load of CPUs. */
export interface HorizontalPodAutoscalerV1 extends KubernetesObject {
  spec: HorizontalPodAutoscalerSpec
  status: HorizontalPodAutoscalerStatus
}

export const horizontalPodAutoscalerV1 = defineKind<HorizontalPodAutoscalerV1>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  view: { stored: horizontalPodAutoscaler, toStored, fromStored },
  columns: [],
})

// Simplified: metrics that the first version cannot express are left out instead of being kept in an annotation.
function fromStored({ spec, status, ...object }: HorizontalPodAutoscaler): HorizontalPodAutoscalerV1 {
  const { metrics, behavior: _, ...rest } = spec
  const target = metrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.target.averageUtilization
  const { currentMetrics, conditions: __, currentReplicas = 0, ...others } = status
  const current = currentMetrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.current.averageUtilization
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    spec: { ...rest, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    status: { ...others, currentReplicas, ...(current !== undefined && { currentCPUUtilizationPercentage: current }) },
  }
}

function toStored({ spec, status: _, ...object }: HorizontalPodAutoscalerV1): HorizontalPodAutoscaler {
  const { targetCPUUtilizationPercentage: target, ...rest } = spec
  const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: target ?? 0 } }
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    spec: { ...rest, ...(target !== undefined && { metrics: [{ type: 'Resource', resource: cpu }] }) },
    status: {} as HorizontalPodAutoscaler['status'],
  }
}
