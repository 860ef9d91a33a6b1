import { defineCommand } from '../../../command.ts'
import { outputFlags } from '../../../flags/printing.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../../flags/changing.ts'
import { list } from '../../../flags/flag.ts'

/** `kubectl create service loadbalancer`: create a LoadBalancer service. */
export const createServiceLoadbalancer = defineCommand({
  name: 'loadbalancer',
  summary: 'Create a LoadBalancer service',
  description: 'Create a LoadBalancer service with the specified name.',
  examples: `  # Create a new LoadBalancer service named my-lbs
  kubectl create service loadbalancer my-lbs --tcp=5678:8080`,
  usage: 'NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  flags: {
    ...outputFlags,
    'dry-run': dryRun,
    'field-manager': fieldManager('kubectl-create'),
    validate,
    'save-config': saveConfig,
    tcp: list("Port pairs can be specified as '<port>:<targetPort>'."),
  },
})
