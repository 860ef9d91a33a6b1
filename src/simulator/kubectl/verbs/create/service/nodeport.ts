import { defineCommand } from '../../../command.ts'
import { outputFlags } from '../../../flags/printing.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../../flags/changing.ts'
import { integer, list } from '../../../flags/flag.ts'

/** `kubectl create service nodeport`: create a NodePort service. */
export const createServiceNodeport = defineCommand({
  name: 'nodeport',
  summary: 'Create a NodePort service',
  description: 'Create a NodePort service with the specified name.',
  examples: `  # Create a new NodePort service named my-ns
  kubectl create service nodeport my-ns --tcp=5678:8080`,
  usage: 'NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  flags: {
    ...outputFlags,
    'dry-run': dryRun,
    'field-manager': fieldManager('kubectl-create'),
    validate,
    'save-config': saveConfig,
    'node-port': integer('Port used to expose the service on each node in a cluster.'),
    tcp: list("Port pairs can be specified as '<port>:<targetPort>'."),
  },
})
