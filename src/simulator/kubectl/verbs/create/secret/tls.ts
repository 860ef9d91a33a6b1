import { defineCommand } from '../../../command.ts'
import { Failure } from '../../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../../flags/changing.ts'
import { boolean, text } from '../../../flags/flag.ts'
import { outputFlags } from '../../../flags/printing.ts'
import type { Invocation } from '../../../invocation.ts'
import { base64 } from '../../../objects/bytes.ts'
import { withHash } from '../../../objects/contentHash.ts'
import { create, givenNamespace, requireName } from '../../../objects/create.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  'append-hash': boolean('Append a hash of the secret to its name.'),
  cert: text('Path to PEM encoded public key certificate.'),
  key: text('Path to private key associated with given certificate.'),
}

/** `kubectl create secret tls`: create a TLS secret. */
export const createSecretTls = defineCommand({
  name: 'tls',
  summary: 'Create a TLS secret',
  description: `Create a TLS secret from the given public/private key pair.

 The public/private key pair must exist beforehand. The public key certificate must be .PEM encoded and match the given private key.`,
  examples: `  # Create a new TLS secret named tls-secret with the given key pair
  kubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key`,
  usage: 'NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    if (!flags.cert || !flags.key) throw new Failure('key and cert must be specified')
    const cert = readFile(invocation, flags.cert)
    const key = readFile(invocation, flags.key)
    if (!/-----BEGIN [A-Z ]+-----/.test(cert))
      throw new Failure('tls: failed to find any PEM data in certificate input')
    if (!/-----BEGIN [A-Z ]+-----/.test(key)) throw new Failure('tls: failed to find any PEM data in key input')
    // Simplified: that key and certificate belong together is not checked.
    const object = {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name, ...givenNamespace(invocation) },
      data: { 'tls.crt': base64(cert), 'tls.key': base64(key) },
      type: 'kubernetes.io/tls',
    }
    await create(invocation, flags, {
      failure: 'failed to create secret ',
      object: flags['append-hash'] ? withHash(object) : object,
    })
  },
})

function readFile({ process }: Invocation, name: string): string {
  const path = process.path(name)
  if (process.files.exists(path)) return process.files.readText(path)
  throw new Failure(`Cannot read file ${name}, open ${name}: no such file or directory`)
}
