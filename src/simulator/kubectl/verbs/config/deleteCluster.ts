import { defineCommand } from '../../command.ts'

/** `kubectl config delete-cluster`: delete the specified cluster from the kubeconfig. */
export const configDeleteCluster = defineCommand({
  name: 'delete-cluster',
  summary: 'Delete the specified cluster from the kubeconfig',
  description: 'Delete the specified cluster from the kubeconfig.',
  examples: `  # Delete the minikube cluster
  kubectl config delete-cluster minikube`,
  usage: 'NAME',
})
