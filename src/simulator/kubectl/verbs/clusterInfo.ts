import { defineCommand } from '../command.ts'
import { clusterInfoCommands } from './clusterInfo/registry.ts'

/** `kubectl cluster-info`: display cluster information. */
export const clusterInfo = defineCommand({
  name: 'cluster-info',
  summary: 'Display cluster information',
  description: "Display addresses of the control plane and services with label kubernetes.io/cluster-service=true. To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
  examples: `  # Print the address of the control plane and cluster services
  kubectl cluster-info`,
  usage: '[flags]',
  commands: clusterInfoCommands,
})
