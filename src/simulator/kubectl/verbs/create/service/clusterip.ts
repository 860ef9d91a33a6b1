import { defineCommand } from '../../../command.ts'
import { Failure } from '../../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../../flags/changing.ts'
import { list, text } from '../../../flags/flag.ts'
import { outputFlags } from '../../../flags/printing.ts'
import { create, givenNamespace, requireName } from '../../../objects/create.ts'
import { parseServicePort, serviceObject } from '../../../objects/servicePorts.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  clusterip: text("Assign your own ClusterIP or set to 'None' for a 'headless' service (no loadbalancing)."),
  tcp: list("Port pairs can be specified as '<port>:<targetPort>'."),
}

/** `kubectl create service clusterip`: create a ClusterIP service. */
export const createServiceClusterip = defineCommand({
  name: 'clusterip',
  summary: 'Create a ClusterIP service',
  description: 'Create a ClusterIP service with the specified name.',
  examples: `  # Create a new ClusterIP service named my-cs
  kubectl create service clusterip my-cs --tcp=5678:8080

  # Create a new ClusterIP service named my-cs (in headless mode)
  kubectl create service clusterip my-cs --clusterip="None"`,
  usage: 'NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const ports = flags.tcp.map(parseServicePort)
    if (ports.length === 0 && flags.clusterip !== 'None') {
      throw new Failure('at least one tcp port specifier must be provided')
    }
    const object = serviceObject(name, givenNamespace(invocation), {
      ...(ports.length > 0 && { ports }),
      selector: { app: name },
      ...(flags.clusterip && { clusterIP: flags.clusterip }),
      type: 'ClusterIP',
    })
    await create(invocation, flags, { failure: 'failed to create ClusterIP service: ', object })
  },
})
