import { defineCommand } from '../../command.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { outputFlags } from '../../flags/printing.ts'
import { create, givenNamespace, requireName } from '../../objects/create.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
}

/** `kubectl create serviceaccount`: create a service account with the specified name. */
export const createServiceaccount = defineCommand({
  name: 'serviceaccount',
  aliases: ['sa'],
  summary: 'Create a service account with the specified name',
  description: 'Create a service account with the specified name.',
  examples: `  # Create a new service account named my-service-account
  kubectl create serviceaccount my-service-account`,
  usage: 'NAME [--dry-run=server|client|none]',
  flags,
  run: async invocation =>
    create(invocation, invocation.flags, {
      failure: 'failed to create serviceaccount: ',
      object: {
        kind: 'ServiceAccount',
        apiVersion: 'v1',
        metadata: { name: requireName(invocation), ...givenNamespace(invocation) },
      },
    }),
})
