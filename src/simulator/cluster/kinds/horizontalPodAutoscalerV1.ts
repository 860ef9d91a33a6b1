import type { HorizontalPodAutoscalerSpec, HorizontalPodAutoscalerStatus } from 'kubernetes-types/autoscaling/v1'
import type { MetricSpec, MetricStatus } from 'kubernetes-types/autoscaling/v2'
import type { KubernetesObject } from '../api/object.ts'
import {
  currentMetricsAnnotation,
  flatSpec,
  flatStatus,
  metricsAnnotation,
  nestedSpec,
  nestedStatus,
  readList,
} from './autoscaling/metricsAnnotation.ts'
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

// Simplified: conditions and behaviour, too, stand in annotations of the first version.
function fromStored({ spec, status, metadata, ...object }: HorizontalPodAutoscaler): HorizontalPodAutoscalerV1 {
  const { metrics = [], behavior: _, ...rest } = spec
  const cpu = metrics.find(isCpuShare)
  const { currentMetrics, conditions: __, currentReplicas = 0, ...others } = status
  const current = currentMetrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.current.averageUtilization
  const annotations = {
    ...metadata.annotations,
    ...listIn(metricsAnnotation, metrics.filter(metric => metric !== cpu).map(flatSpec)),
    ...listIn(currentMetricsAnnotation, (currentMetrics ?? []).map(flatStatus)),
  }
  return {
    ...object,
    metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
    apiVersion: 'autoscaling/v1',
    spec: { ...rest, ...(cpu && { targetCPUUtilizationPercentage: cpu.resource!.target.averageUtilization! }) },
    status: { ...others, currentReplicas, ...(current !== undefined && { currentCPUUtilizationPercentage: current }) },
  }
}

function toStored({ spec, status, metadata, ...object }: HorizontalPodAutoscalerV1): HorizontalPodAutoscaler {
  const { targetCPUUtilizationPercentage: target, ...rest } = spec
  const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: target ?? 0 } }
  const {
    [metricsAnnotation]: wanted,
    [currentMetricsAnnotation]: current,
    ...annotations
  } = metadata.annotations ?? {}
  const metrics = [
    ...(target === undefined ? [] : [{ type: 'Resource', resource: cpu }]),
    ...readList(wanted).map(nestedSpec),
  ]
  const currentMetrics = withCpuFirst(readList(current).map(nestedStatus), status?.currentCPUUtilizationPercentage)
  const { annotations: _, ...others } = metadata
  return {
    ...object,
    metadata: { ...others, ...(Object.keys(annotations).length > 0 && { annotations }) },
    apiVersion: 'autoscaling/v2',
    spec: { ...rest, ...(metrics.length > 0 && { metrics }) },
    status: { ...(status && currentMetrics.length > 0 && { currentMetrics }) } as HorizontalPodAutoscaler['status'],
  }
}

/** What is measured of CPUs stands first, as it does in what is wanted. */
function withCpuFirst(metrics: readonly MetricStatus[], share: number | undefined): MetricStatus[] {
  if (share === undefined) return [...metrics]
  const isCpu = ({ resource }: MetricStatus) => resource?.name === 'cpu'
  const cpu = metrics.find(isCpu) ?? {
    type: 'Resource',
    resource: { name: 'cpu', current: { averageUtilization: share } },
  }
  return [cpu, ...metrics.filter(metric => !isCpu(metric))]
}

function isCpuShare({ resource }: MetricSpec): boolean {
  return resource?.name === 'cpu' && resource.target.averageUtilization !== undefined
}

function listIn(annotation: string, list: readonly unknown[]): Record<string, string> {
  return list.length > 0 ? { [annotation]: JSON.stringify(list) } : {}
}
