import { defineCommand } from '../command.ts'
import type { Invocation } from '../invocation.ts'
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
    invocation.config.check()
    try {
      await printAddresses(invocation)
    } finally {
      // Said in any case, with the failure after it.
      await invocation.print("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n")
    }
  },
})

async function printAddresses(invocation: Invocation): Promise<void> {
  const { api } = invocation
  const resource = (await invocation.resources()).ofKind('v1', 'Service')
  const labelSelector = 'kubernetes.io/cluster-service=true'
  const { items } = await api.list(resource, 'kube-system', { labelSelector })
  await invocation.print(address(invocation, 'Kubernetes control plane', api.url))
  for (const { metadata, spec } of items) {
    const { ports = [] } = spec as { ports?: { name?: string }[] }
    const port = ports[0]?.name ? `:${ports[0].name}` : ''
    const path = `/api/v1/namespaces/kube-system/services/${metadata.name}${port}/proxy`
    const title = metadata.labels?.['kubernetes.io/name'] ?? metadata.name ?? ''
    await invocation.print(address(invocation, title, `${api.url}${path}`))
  }
}

/** Names are green and addresses yellow, on a terminal. */
function address({ process }: Invocation, name: string, url: string): string {
  if (process.stdout.terminal === undefined) return `${name} is running at ${url}\n`
  return `\x1b[0;32m${name}\x1b[0m is running at \x1b[0;33m${url}\x1b[0m\n`
}
