import { defineCommand } from '../../../command.ts'
import { Failure } from '../../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../../flags/changing.ts'
import { list } from '../../../flags/flag.ts'
import { outputFlags } from '../../../flags/printing.ts'
import { create, givenNamespace, requireName } from '../../../objects/create.ts'
import { parseServicePort, serviceObject } from '../../../objects/servicePorts.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  tcp: list("Port pairs can be specified as '<port>:<targetPort>'."),
}

/** `kubectl create service loadbalancer`: create a LoadBalancer service. */
export const createServiceLoadbalancer = defineCommand({
  name: 'loadbalancer',
  summary: 'Create a LoadBalancer service',
  description: 'Create a LoadBalancer service with the specified name.',
  examples: `  # Create a new LoadBalancer service named my-lbs
  kubectl create service loadbalancer my-lbs --tcp=5678:8080`,
  usage: 'NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const ports = flags.tcp.map(parseServicePort)
    if (ports.length === 0) throw new Failure('at least one tcp port specifier must be provided')
    const object = serviceObject(name, givenNamespace(invocation), {
      ports,
      selector: { app: name },
      type: 'LoadBalancer',
    })
    await create(invocation, flags, { failure: 'failed to create LoadBalancer service: ', object })
  },
})
