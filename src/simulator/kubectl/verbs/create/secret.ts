import { defineCommand } from '../../command.ts'
import { createSecretCommands } from './secret/registry.ts'

/** `kubectl create secret`: create a secret using a specified subcommand. */
export const createSecret = defineCommand({
  name: 'secret',
  summary: 'Create a secret using a specified subcommand',
  description: `Create a secret with specified type.

 A docker-registry type secret is for accessing a container registry.

 A generic type secret indicate an Opaque secret type.

 A tls type secret holds TLS certificate and its associated key.`,
  usage: '(docker-registry | generic | tls)',
  commands: createSecretCommands,
})
