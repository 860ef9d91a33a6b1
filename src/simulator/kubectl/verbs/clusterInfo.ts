import { defineCommand } from '../command.ts'
import { clusterInfoCommands } from './clusterInfo/registry.ts'

/** `kubectl cluster-info`: display cluster information. */
export const clusterInfo = defineCommand({
  name: 'cluster-info',
  summary: 'Display cluster information',
  description:
    "Display addresses of the control plane and services with label kubernetes.io/cluster-service=true. To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
  examples: `  # Print the address of the control plane and cluster services
  kubectl cluster-info`,
  usage: '[flags]',
  commands: clusterInfoCommands,
  async run(invocation) {
    const { api } = invocation
    const services = (await invocation.resources()).ofKind('v1', 'Service')
    const { items } = await api.list(services, 'kube-system', { labelSelector: 'kubernetes.io/cluster-service=true' })
    await invocation.print(`Kubernetes control plane is running at ${api.url}\n`)
    for (const { metadata, spec } of items) {
      const { ports = [] } = spec as { ports?: { name?: string }[] }
      const port = ports[0]?.name ? `:${ports[0].name}` : ''
      const title = metadata.labels?.['kubernetes.io/name'] ?? metadata.name
      await invocation.print(
        `${title} is running at ${api.url}/api/v1/namespaces/kube-system/services/${metadata.name}${port}/proxy\n`,
      )
    }
    await invocation.print("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n")
  },
})
