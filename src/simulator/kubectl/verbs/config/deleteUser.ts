import { defineCommand } from '../../command.ts'

/** `kubectl config delete-user`: delete the specified user from the kubeconfig. */
export const configDeleteUser = defineCommand({
  name: 'delete-user',
  summary: 'Delete the specified user from the kubeconfig',
  description: 'Delete the specified user from the kubeconfig.',
  examples: `  # Delete the minikube user
  kubectl config delete-user minikube`,
  usage: 'NAME',
})
