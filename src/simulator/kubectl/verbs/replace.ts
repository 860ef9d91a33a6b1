import { defineCommand } from '../command.ts'
import { outputFlags } from '../flags/printing.ts'
import { filename, kustomize, recursive } from '../flags/files.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../flags/changing.ts'
import { deletionFlags, waitForDeletion } from '../flags/deleting.ts'
import { text } from '../flags/flag.ts'

const flags = {
  ...outputFlags,
  recursive: recursive(),
  kustomize: kustomize('a'),
  filename: filename('The files that contain the configurations to replace.'),
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-replace'),
  validate,
  'save-config': saveConfig,
  ...deletionFlags,
  wait: waitForDeletion,
  raw: text('Raw URI to PUT to the server.  Uses the transport specified by the kubeconfig file.'),
  subresource: text('If specified, replace will operate on the subresource of the requested object.'),
}

/** `kubectl replace`: replace a resource by file name or stdin. */
export const replace = defineCommand({
  name: 'replace',
  summary: 'Replace a resource by file name or stdin',
  description: `Replace a resource by file name or stdin.

 JSON and YAML formats are accepted. If replacing an existing resource, the complete resource spec must be provided. This can be obtained by

        $ kubectl get TYPE NAME -o yaml`,
  examples: `  # Replace a pod using the data in pod.json
  kubectl replace -f ./pod.json

  # Replace a pod based on the JSON passed into stdin
  cat pod.json | kubectl replace -f -

  # Update a single-container pod's image version (tag) to v4
  kubectl get pod mypod -o yaml | sed 's/\\(image: myimage\\):.*$/\\1:v4/' | kubectl replace -f -

  # Force replace, delete and then re-create the resource
  kubectl replace --force -f ./pod.json`,
  usage: '-f FILENAME',
  flags,
})
