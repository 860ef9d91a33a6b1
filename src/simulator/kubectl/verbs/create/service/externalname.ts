import { defineCommand } from '../../../command.ts'
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
  'external-name': text('External name of service'),
  tcp: list("Port pairs can be specified as '<port>:<targetPort>'."),
}

/** `kubectl create service externalname`: create an ExternalName service. */
export const createServiceExternalname = defineCommand({
  name: 'externalname',
  summary: 'Create an ExternalName service',
  description: `Create an ExternalName service with the specified name.

 ExternalName service references to an external DNS address instead of only pods, which will allow application authors to reference services that exist off platform, on other clusters, or locally.`,
  examples: `  # Create a new ExternalName service named my-ns
  kubectl create service externalname my-ns --external-name bar.com`,
  usage: 'NAME --external-name external.name [--dry-run=server|client|none]',
  flags,
  required: ['external-name'],
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const ports = flags.tcp.map(parseServicePort)
    const object = serviceObject(name, givenNamespace(invocation), {
      ...(ports.length > 0 && { ports }),
      selector: { app: name },
      type: 'ExternalName',
      externalName: flags['external-name'],
    })
    await create(invocation, flags, { failure: 'failed to create ExternalName service: ', object })
  },
})
