import { defineCommand } from '../../command.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { outputFlags } from '../../flags/printing.ts'
import { create, requireName } from '../../objects/create.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
}

/** `kubectl create namespace`: create a namespace with the specified name. */
export const createNamespace = defineCommand({
  name: 'namespace',
  aliases: ['ns'],
  summary: 'Create a namespace with the specified name',
  description: 'Create a namespace with the specified name.',
  examples: `  # Create a new namespace named my-namespace
  kubectl create namespace my-namespace`,
  usage: 'NAME [--dry-run=server|client|none]',
  flags,
  run: async invocation =>
    create(invocation, invocation.flags, {
      object: {
        kind: 'Namespace',
        apiVersion: 'v1',
        metadata: { name: requireName(invocation) },
        spec: {},
        status: {},
      },
    }),
})
