import type { Machine } from '../../machine/machine.ts'
import type { Runtime } from './runtime.ts'

interface Sample {
  readonly labels: string
  readonly processor: number
  readonly memory: number
}

const descriptions = {
  container_cpu_usage_seconds_total: 'Cumulative cpu time consumed by the container in core-seconds',
  container_memory_working_set_bytes: 'Current working set of the container in bytes',
  node_cpu_usage_seconds_total: 'Cumulative cpu time consumed by the node in core-seconds',
  node_memory_working_set_bytes: 'Current working set of the node in bytes',
  pod_cpu_usage_seconds_total: 'Cumulative cpu time consumed by the pod in core-seconds',
  pod_memory_working_set_bytes: 'Current working set of the pod in bytes',
} as const

/** What `GET /metrics/resource` of a kubelet says: what the node, its pods and their containers use. */
export function resourceMetrics(node: Machine, runtime: Runtime): string {
  const containers: Sample[] = []
  const pods: Sample[] = []
  for (const { name, namespace, containers: all } of runtime.pods.values()) {
    let [processor, memory] = [0, 0]
    for (const container of all) {
      if (!container.isRunning) continue
      const usage = container.settings.machine.usage()
      processor += usage.processor
      memory += usage.memory
      const labels = `{container="${container.name}",namespace="${namespace}",pod="${name}"}`
      containers.push({ labels, ...usage })
    }
    pods.push({ labels: `{namespace="${namespace}",pod="${name}"}`, processor, memory })
  }
  const own = [{ labels: '', ...node.usage() }]
  const now = node.now()
  return [
    family('container_cpu_usage_seconds_total', 'counter', containers, now),
    family('container_memory_working_set_bytes', 'gauge', containers, now),
    family('node_cpu_usage_seconds_total', 'counter', own, now),
    family('node_memory_working_set_bytes', 'gauge', own, now),
    family('pod_cpu_usage_seconds_total', 'counter', pods, now),
    family('pod_memory_working_set_bytes', 'gauge', pods, now),
    '# HELP resource_scrape_error [STABLE] 1 if there was an error while getting container metrics, 0 otherwise\n# TYPE resource_scrape_error gauge\nresource_scrape_error 0\n',
  ].join('')
}

function family(
  name: keyof typeof descriptions,
  type: 'counter' | 'gauge',
  samples: readonly Sample[],
  now: number,
): string {
  const value = ({ processor, memory }: Sample) => (type === 'counter' ? processor / 1000 : memory)
  const lines = samples.map(sample => `${name}${sample.labels} ${value(sample)} ${now}\n`)
  return `# HELP ${name} [STABLE] ${descriptions[name]}\n# TYPE ${name} ${type}\n${lines.join('')}`
}
