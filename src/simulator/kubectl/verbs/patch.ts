import { defineCommand } from '../command.ts'
import { outputFlags } from '../flags/printing.ts'
import { fileFlags } from '../flags/files.ts'
import { dryRun, fieldManager, record } from '../flags/changing.ts'
import { boolean, text } from '../flags/flag.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to update'),
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-patch'),
  local: boolean('If true, patch will operate on the content of the file, not the server-side resource.'),
  patch: text('The patch to be applied to the resource JSON file.', '', { short: 'p' }),
  'patch-file': text('A file containing a patch to be applied to the resource.'),
  subresource: text('If specified, patch will operate on the subresource of the requested object.'),
  type: text('The type of patch being provided; one of [json merge strategic]', 'strategic'),
  record,
}

/** `kubectl patch`: update fields of a resource. */
export const patch = defineCommand({
  name: 'patch',
  summary: 'Update fields of a resource',
  description: `Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.

 JSON and YAML formats are accepted.

 Note: Strategic merge patch is not supported for custom resources.`,
  examples: `  # Partially update a node using a strategic merge patch, specifying the patch as JSON
  kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'

  # Partially update a node using a strategic merge patch, specifying the patch as YAML
  kubectl patch node k8s-node-1 -p $'spec:\\n unschedulable: true'

  # Partially update a node identified by the type and name specified in "node.json" using strategic merge patch
  kubectl patch -f node.json -p '{"spec":{"unschedulable":true}}'

  # Update a container's image; spec.containers[*].name is required because it's a merge key
  kubectl patch pod valid-pod -p '{"spec":{"containers":[{"name":"kubernetes-serve-hostname","image":"new image"}]}}'

  # Update a container's image using a JSON patch with positional arrays
  kubectl patch pod valid-pod --type='json' -p='[{"op": "replace", "path": "/spec/containers/0/image", "value":"new image"}]'

  # Update a deployment's replicas through the 'scale' subresource using a merge patch
  kubectl patch deployment nginx-deployment --subresource='scale' --type='merge' -p '{"spec":{"replicas":2}}'`,
  usage: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  flags,
})
