import { defineCommand } from '../../command.ts'

/** `kubectl config use-context`: set the current-context in a kubeconfig file. */
export const configUseContext = defineCommand({
  name: 'use-context',
  aliases: ['use'],
  summary: 'Set the current-context in a kubeconfig file',
  description: 'Set the current-context in a kubeconfig file.',
  examples: `  # Use the context for the minikube cluster
  kubectl config use-context minikube`,
  usage: 'CONTEXT_NAME',
})
