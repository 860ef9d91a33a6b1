import type { HPAScalingRules, MetricSpec, MetricStatus } from 'kubernetes-types/autoscaling/v2'
import type { HorizontalPodAutoscaler } from '../../cluster/kinds/horizontalPodAutoscaler.ts'
import { defineDescriber } from './describer.ts'
import { type Description, longTime } from './description.ts'

export const horizontalPodAutoscaler = defineDescriber<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  async describe(autoscaler, view) {
    const { metadata, spec, status } = autoscaler
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('CreationTimestamp', longTime(metadata.creationTimestamp))
    text.field('Reference', `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`)
    text.field('Metrics', '( current / target )')
    for (const [i, metric] of (spec.metrics ?? []).entries()) {
      text.line(metricText(metric, status?.currentMetrics?.[i]), 1)
    }
    text.field('Min replicas', spec.minReplicas ?? '<unset>')
    text.field('Max replicas', spec.maxReplicas)
    if (spec.behavior) {
      text.heading('Behavior')
      describeRules('Scale Up', spec.behavior.scaleUp, text)
      describeRules('Scale Down', spec.behavior.scaleDown, text)
    }
    const { currentReplicas = 0, desiredReplicas = 0 } = status ?? {}
    text.field(`${spec.scaleTargetRef.kind} pods`, `${currentReplicas} current / ${desiredReplicas} desired`)
    if (status?.conditions?.length) {
      text.heading('Conditions')
      text.header(['Type', 'Status', 'Reason', 'Message'])
      for (const { type, status: state, reason = '', message = '' } of status.conditions) {
        text.row([type, state, reason, message])
      }
    }
    await view.events(autoscaler)
  },
})

function metricText(metric: MetricSpec, current: MetricStatus | undefined): string {
  const unknown = '<unknown>'
  switch (metric.type) {
    case 'Resource':
    case 'ContainerResource': {
      const source = (metric.resource ?? metric.containerResource)!
      const now = (current?.resource ?? current?.containerResource)?.current
      const container = metric.containerResource ? ` of container "${metric.containerResource.container}"` : ''
      const what = `resource ${source.name}${container} on pods`
      const { averageValue, averageUtilization } = source.target
      if (averageValue !== undefined) return `${what}:\t${now?.averageValue ?? unknown} / ${averageValue}`
      const used = now?.averageUtilization === undefined ? unknown : `${now.averageUtilization}% (${now.averageValue})`
      return `${what}  (as a percentage of request):\t${used} / ${averageUtilization === undefined ? '<auto>' : `${averageUtilization}%`}`
    }
    case 'Pods': {
      const { metric: name, target } = metric.pods!
      return `"${name.name}" on pods:\t${current?.pods?.current.averageValue ?? unknown} / ${target.averageValue}`
    }
    case 'External': {
      const { metric: name, target } = metric.external!
      const isAverage = target.averageValue !== undefined
      const now = isAverage ? current?.external?.current.averageValue : current?.external?.current.value
      return `"${name.name}" (target ${isAverage ? 'average ' : ''}value):\t${now ?? unknown} / ${target.averageValue ?? target.value}`
    }
    case 'Object': {
      const { metric: name, target, describedObject } = metric.object!
      const isAverage = target.type === 'AverageValue'
      const now = isAverage ? current?.object?.current.averageValue : current?.object?.current.value
      const kind = isAverage ? 'target average value' : 'target value'
      return `"${name.name}" on ${describedObject.kind}/${describedObject.name} (${kind}):\t${now ?? unknown} / ${target.averageValue ?? target.value}`
    }
    default:
      return `<unknown metric type ${JSON.stringify(metric.type)}>`
  }
}

function describeRules(name: string, rules: HPAScalingRules | undefined, text: Description): void {
  if (!rules) return
  text.heading(name, 1)
  if (rules.stabilizationWindowSeconds !== undefined) {
    text.line(`Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`, 2)
  }
  if (!rules.policies?.length) return
  text.line(`Select Policy: ${rules.selectPolicy ?? 'Max'}`, 2)
  text.heading('Policies', 2)
  for (const { type, value, periodSeconds } of rules.policies) {
    text.line(`- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`, 3)
  }
}
