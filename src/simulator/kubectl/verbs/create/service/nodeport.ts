import { defineCommand } from '../../../command.ts'
import { Failure } from '../../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../../flags/changing.ts'
import { integer, list } from '../../../flags/flag.ts'
import { outputFlags } from '../../../flags/printing.ts'
import { create, givenNamespace, requireName } from '../../../objects/create.ts'
import { parseServicePort, serviceObject } from '../../../objects/servicePorts.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  'node-port': integer('Port used to expose the service on each node in a cluster.'),
  tcp: list("Port pairs can be specified as '<port>:<targetPort>'."),
}

/** `kubectl create service nodeport`: create a NodePort service. */
export const createServiceNodeport = defineCommand({
  name: 'nodeport',
  summary: 'Create a NodePort service',
  description: 'Create a NodePort service with the specified name.',
  examples: `  # Create a new NodePort service named my-ns
  kubectl create service nodeport my-ns --tcp=5678:8080`,
  usage: 'NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const ports = flags.tcp.map(parseServicePort)
    if (ports.length === 0) throw new Failure('at least one tcp port specifier must be provided')
    const nodePort = flags['node-port'] === 0 ? {} : { nodePort: flags['node-port'] }
    const object = serviceObject(name, givenNamespace(invocation), {
      ports: ports.map((port, i) => (i === 0 ? { ...port, ...nodePort } : port)),
      selector: { app: name },
      type: 'NodePort',
    })
    await create(invocation, flags, { failure: 'failed to create NodePort service: ', object })
  },
})
