import type { PodSpec } from 'kubernetes-types/core/v1'

/** What the server warns of in a pod or template that is allowed but probably not meant (kubernetes/pkg/api/pod/warnings.go). */
export function podWarnings(spec: PodSpec, path: string): string[] {
  return [...labelWarnings(spec, path), ...portWarnings(spec, path), ...variableWarnings(spec, path)]
}

const oldLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
}

function labelWarnings({ nodeSelector }: PodSpec, path: string): string[] {
  return Object.keys(nodeSelector ?? {})
    .filter(key => oldLabels[key])
    .map(key => `${path}.nodeSelector[${key}]: ${oldLabels[key]}`)
}

/** The same port twice in a container or in two that share the network. */
function portWarnings({ containers, initContainers }: PodSpec, path: string): string[] {
  const warnings: string[] = []
  const seen = new Map<string, string>()
  const sidecars = (initContainers ?? []).map((container, index) => ({
    container,
    at: `${path}.initContainers[${index}]`,
  }))
  const all = [
    ...containers.map((container, index) => ({ container, at: `${path}.containers[${index}]` })),
    ...sidecars.filter(({ container }) => (container as { restartPolicy?: string }).restartPolicy === 'Always'),
  ]
  for (const { container, at } of all)
    for (const [index, { protocol = 'TCP', containerPort, hostIP = '', hostPort = 0 }] of (
      container.ports ?? []
    ).entries()) {
      const place = `${at}.ports[${index}]`
      const key = `${protocol}/${containerPort}/${hostIP}/${hostPort}`
      const first = seen.get(key)
      if (first) warnings.push(`${place}: duplicate port definition with ${first}`)
      else seen.set(key, place)
    }
  return warnings
}

/** A later variable of the same name hides the earlier one. */
function variableWarnings({ containers, initContainers }: PodSpec, path: string): string[] {
  const warnings: string[] = []
  for (const [field, list] of Object.entries({ initContainers: initContainers ?? [], containers }))
    for (const [index, { env }] of list.entries()) {
      const seen = new Map<string, { value: string | undefined; place: number }>()
      for (const [place, { name, value }] of (env ?? []).entries()) {
        const previous = seen.get(name)
        if (previous && !value?.includes(`$(${name})`))
          warnings.push(
            `${path}.${field}[${index}].env[${place}]: hides previous definition of "${name}", which may be dropped when using apply`,
          )
        seen.set(name, { value, place })
      }
    }
  return warnings
}
