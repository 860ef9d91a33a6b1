import { defineCommand } from '../command.ts'
import { outputFlags } from '../flags/printing.ts'
import { fileFlags } from '../flags/files.ts'
import { selector } from '../flags/selecting.ts'
import { dryRun, fieldManager, record, saveConfig, validate } from '../flags/changing.ts'
import { boolean, text } from '../flags/flag.ts'
import { createCommands } from './create/registry.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files to use to create the resource'),
  selector,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  edit: boolean('Edit the API resource before creating'),
  raw: text('Raw URI to POST to the server.  Uses the transport specified by the kubeconfig file.'),
  'windows-line-endings': boolean('Only relevant if --edit=true. Defaults to the line ending native to your platform.'),
  record,
}

/** `kubectl create`: create a resource from a file or from stdin. */
export const create = defineCommand({
  name: 'create',
  summary: 'Create a resource from a file or from stdin',
  description: `Create a resource from a file or from stdin.

 JSON and YAML formats are accepted.`,
  examples: `  # Create a pod using the data in pod.json
  kubectl create -f ./pod.json

  # Create a pod based on the JSON passed into stdin
  cat pod.json | kubectl create -f -

  # Edit the data in registry.yaml in JSON then create the resource using the edited data
  kubectl create -f registry.yaml --edit -o json`,
  usage: '-f FILENAME',
  flags,
  commands: createCommands,
})
