import { defineCommand } from '../command.ts'
import { outputFlags } from '../flags/printing.ts'
import { filename, kustomize, recursive } from '../flags/files.ts'
import { selector } from '../flags/selecting.ts'
import { dryRun, fieldManager, record, validate } from '../flags/changing.ts'
import { deletionFlags, waitForDeletion } from '../flags/deleting.ts'
import { boolean, repeated, text } from '../flags/flag.ts'
import { applyCommands } from './apply/registry.ts'

const flags = {
  ...outputFlags,
  recursive: recursive(),
  kustomize: kustomize('a'),
  filename: filename('The files that contain the configurations to apply.'),
  selector,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-client-side-apply'),
  validate,
  ...deletionFlags,
  wait: waitForDeletion,
  all: boolean('Select all resources in the namespace of the specified resource types.'),
  'force-conflicts': boolean('If true, server-side apply will force the changes against conflicts.'),
  'openapi-patch': boolean('If true, use openapi to calculate diff when the openapi presents and the resource can be found in the openapi spec. Otherwise, fall back to use baked-in types.', true),
  overwrite: boolean('Automatically resolve conflicts between the modified and live configuration by using values from the modified configuration', true),
  prune: boolean('Automatically delete resource objects, that do not appear in the configs and are created by either apply or create --save-config. Should be used with either -l or --all.'),
  'prune-allowlist': repeated('Overwrite the default allowlist with <group/version/kind> for --prune'),
  'server-side': boolean('If true, apply runs in the server instead of the client.'),
  subresource: text('If specified, apply will operate on the subresource of the requested object.  Only allowed when using --server-side.'),
  record,
}

/** `kubectl apply`: apply a configuration to a resource by file name or stdin. */
export const apply = defineCommand({
  name: 'apply',
  summary: 'Apply a configuration to a resource by file name or stdin',
  description: `Apply a configuration to a resource by file name or stdin. The resource name must be specified. This resource will be created if it doesn't exist yet. To use 'apply', always create the resource initially with either 'apply' or 'create --save-config'.

 JSON and YAML formats are accepted.

 Alpha Disclaimer: the --prune functionality is not yet complete. Do not use unless you are aware of what the current state is. See https://issues.k8s.io/34274.`,
  examples: `  # Apply the configuration in pod.json to a pod
  kubectl apply -f ./pod.json

  # Apply resources from a directory containing kustomization.yaml - e.g. dir/kustomization.yaml
  kubectl apply -k dir/

  # Apply the JSON passed into stdin to a pod
  cat pod.json | kubectl apply -f -

  # Apply the configuration from all files that end with '.json'
  kubectl apply -f '*.json'

  # Note: --prune is still in Alpha
  # Apply the configuration in manifest.yaml that matches label app=nginx and delete all other resources that are not in the file and match label app=nginx
  kubectl apply --prune -f manifest.yaml -l app=nginx

  # Apply the configuration in manifest.yaml and delete all the other config maps that are not in the file
  kubectl apply --prune -f manifest.yaml --all --prune-allowlist=core/v1/ConfigMap`,
  usage: '(-f FILENAME | -k DIRECTORY)',
  flags,
  commands: applyCommands,
})
