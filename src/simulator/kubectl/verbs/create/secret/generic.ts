import { checkConfigMapKey } from '../../../../cluster/api/names.ts'
import { defineCommand } from '../../../command.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../../flags/changing.ts'
import { boolean, list, repeated, text } from '../../../flags/flag.ts'
import { outputFlags } from '../../../flags/printing.ts'
import { base64 } from '../../../objects/bytes.ts'
import { withHash } from '../../../objects/contentHash.ts'
import { create, givenNamespace, requireName } from '../../../objects/create.ts'
import { readSources } from '../../../objects/literals.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  'append-hash': boolean('Append a hash of the secret to its name.'),
  'from-env-file': list('Specify the path to a file to read lines of key=val pairs to create a secret.'),
  'from-file': list(
    'Key files can be specified using their file path, in which case a default name will be given to them, or optionally with a name and file path, in which case the given name will be used.  Specifying a directory will iterate each named file in the directory that is a valid secret key.',
  ),
  'from-literal': repeated('Specify a key and literal value to insert in secret (i.e. mykey=somevalue)'),
  type: text('The type of secret to create'),
}

/** `kubectl create secret generic`: create a secret from a local file, directory, or literal value. */
export const createSecretGeneric = defineCommand({
  name: 'generic',
  summary: 'Create a secret from a local file, directory, or literal value',
  description: `Create a secret based on a file, directory, or specified literal value.

 A single secret may package one or more key/value pairs.

 When creating a secret based on a file, the key will default to the basename of the file, and the value will default to the file content. If the basename is an invalid key or you wish to chose your own, you may specify an alternate key.

 When creating a secret based on a directory, each file whose basename is a valid key in the directory will be packaged into the secret. Any directory entries except regular files are ignored (e.g. subdirectories, symlinks, devices, pipes, etc).`,
  examples: `  # Create a new secret named my-secret with keys for each file in folder bar
  kubectl create secret generic my-secret --from-file=path/to/bar

  # Create a new secret named my-secret with specified keys instead of names on disk
  kubectl create secret generic my-secret --from-file=ssh-privatekey=path/to/id_rsa --from-file=ssh-publickey=path/to/id_rsa.pub

  # Create a new secret named my-secret with key1=supersecret and key2=topsecret
  kubectl create secret generic my-secret --from-literal=key1=supersecret --from-literal=key2=topsecret

  # Create a new secret named my-secret using a combination of a file and a literal
  kubectl create secret generic my-secret --from-file=ssh-privatekey=path/to/id_rsa --from-literal=passphrase=topsecret

  # Create a new secret named my-secret from env files
  kubectl create secret generic my-secret --from-env-file=path/to/foo.env --from-env-file=path/to/bar.env`,
  usage: 'NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags, process } = invocation
    const name = requireName(invocation)
    const sources = [...readSources(process, flags, checkConfigMapKey, 'Secret')].sort(([a], [b]) => (a < b ? -1 : 1))
    const data = Object.fromEntries(sources.map(([key, value]) => [key, base64(value)]))
    const object = {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name, ...givenNamespace(invocation) },
      ...(sources.length > 0 && { data }),
      ...(flags.type && { type: flags.type }),
    }
    await create(invocation, flags, {
      failure: 'failed to create secret ',
      object: flags['append-hash'] ? withHash(object) : object,
    })
  },
})
