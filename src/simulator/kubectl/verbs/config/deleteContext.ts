import { defineCommand } from '../../command.ts'

/** `kubectl config delete-context`: delete the specified context from the kubeconfig. */
export const configDeleteContext = defineCommand({
  name: 'delete-context',
  summary: 'Delete the specified context from the kubeconfig',
  description: 'Delete the specified context from the kubeconfig.',
  examples: `  # Delete the context for the minikube cluster
  kubectl config delete-context minikube`,
  usage: 'NAME',
})
