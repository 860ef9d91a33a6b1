import { defineCommand } from '../../command.ts'

/** `kubectl config rename-context`: rename a context from the kubeconfig file. */
export const configRenameContext = defineCommand({
  name: 'rename-context',
  summary: 'Rename a context from the kubeconfig file',
  description: `Renames a context from the kubeconfig file.

 CONTEXT_NAME is the context name that you want to change.

 NEW_NAME is the new name you want to set.

 Note: If the context being renamed is the 'current-context', this field will also be updated.`,
  examples: `  # Rename the context 'old-name' to 'new-name' in your kubeconfig file
  kubectl config rename-context old-name new-name`,
  usage: 'CONTEXT_NAME NEW_NAME',
})
