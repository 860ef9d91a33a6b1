import { defineCommand } from '../../../command.ts'
import { outputFlags } from '../../../flags/printing.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../../flags/changing.ts'
import { boolean, text } from '../../../flags/flag.ts'

/** `kubectl create secret tls`: create a TLS secret. */
export const createSecretTls = defineCommand({
  name: 'tls',
  summary: 'Create a TLS secret',
  description: `Create a TLS secret from the given public/private key pair.

 The public/private key pair must exist beforehand. The public key certificate must be .PEM encoded and match the given private key.`,
  examples: `  # Create a new TLS secret named tls-secret with the given key pair
  kubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key`,
  usage: 'NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  flags: {
    ...outputFlags,
    'dry-run': dryRun,
    'field-manager': fieldManager('kubectl-create'),
    validate,
    'save-config': saveConfig,
    'append-hash': boolean('Append a hash of the secret to its name.'),
    cert: text('Path to PEM encoded public key certificate.'),
    key: text('Path to private key associated with given certificate.'),
  },
})
