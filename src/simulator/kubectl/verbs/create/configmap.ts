import { checkConfigMapKey } from '../../../cluster/api/names.ts'
import { defineCommand } from '../../command.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { boolean, list, repeated } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { base64, isText } from '../../objects/bytes.ts'
import { withHash } from '../../objects/contentHash.ts'
import { create, givenNamespace, requireName } from '../../objects/create.ts'
import { readSources } from '../../objects/literals.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  'append-hash': boolean('Append a hash of the configmap to its name.'),
  'from-env-file': list('Specify the path to a file to read lines of key=val pairs to create a configmap.'),
  'from-file': list(
    'Key file can be specified using its file path, in which case file basename will be used as configmap key, or optionally with a key and file path, in which case the given key will be used.  Specifying a directory will iterate each named file in the directory whose basename is a valid configmap key.',
  ),
  'from-literal': repeated('Specify a key and literal value to insert in configmap (i.e. mykey=somevalue)'),
}

/** `kubectl create configmap`: create a config map from a local file, directory or literal value. */
export const createConfigmap = defineCommand({
  name: 'configmap',
  aliases: ['cm'],
  summary: 'Create a config map from a local file, directory or literal value',
  description: `Create a config map based on a file, directory, or specified literal value.

 A single config map may package one or more key/value pairs.

 When creating a config map based on a file, the key will default to the basename of the file, and the value will default to the file content.  If the basename is an invalid key, you may specify an alternate key.

 When creating a config map based on a directory, each file whose basename is a valid key in the directory will be packaged into the config map.  Any directory entries except regular files are ignored (e.g. subdirectories, symlinks, devices, pipes, etc).`,
  examples: `  # Create a new config map named my-config based on folder bar
  kubectl create configmap my-config --from-file=path/to/bar

  # Create a new config map named my-config with specified keys instead of file basenames on disk
  kubectl create configmap my-config --from-file=key1=/path/to/bar/file1.txt --from-file=key2=/path/to/bar/file2.txt

  # Create a new config map named my-config with key1=config1 and key2=config2
  kubectl create configmap my-config --from-literal=key1=config1 --from-literal=key2=config2

  # Create a new config map named my-config with key=value pairs from an env file
  kubectl create configmap my-config --from-env-file=path/to/bar.env`,
  usage: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags, process } = invocation
    const name = requireName(invocation)
    const sources = [...readSources(process, flags, checkConfigMapKey, 'ConfigMap')].sort(([a], [b]) =>
      a < b ? -1 : 1,
    )
    const data = Object.fromEntries(sources.filter(([, value]) => isText(value)))
    const binaryData = Object.fromEntries(
      sources.filter(([, value]) => !isText(value)).map(([key, value]) => [key, base64(value)]),
    )
    const object = {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name, ...givenNamespace(invocation) },
      ...(Object.keys(data).length > 0 && { data }),
      ...(Object.keys(binaryData).length > 0 && { binaryData }),
    }
    await create(invocation, flags, {
      failure: 'failed to create configmap: ',
      object: flags['append-hash'] ? withHash(object) : object,
    })
  },
})
