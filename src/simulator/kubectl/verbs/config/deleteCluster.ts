import { defineCommand } from '../../command.ts'
import { Failure, Misuse } from '../../failure.ts'

/** `kubectl config delete-cluster`: delete the specified cluster from the kubeconfig. */
export const configDeleteCluster = defineCommand({
  name: 'delete-cluster',
  summary: 'Delete the specified cluster from the kubeconfig',
  description: 'Delete the specified cluster from the kubeconfig.',
  examples: `  # Delete the minikube cluster
  kubectl config delete-cluster minikube`,
  usage: 'NAME',
  complete: 'cluster',
  async run(invocation) {
    const { args, config } = invocation
    const [name] = args
    if (name === undefined || args.length > 1) throw new Misuse('', 0)
    const { files, kubeconfig } = config
    if (!kubeconfig.clusters.has(name)) throw new Failure(`cannot delete cluster ${name}, not in ${files.mainFile}`)
    files.change('clusters', name, undefined)
    await invocation.print(`deleted cluster ${name} from ${files.mainFile}\n`)
  },
})
