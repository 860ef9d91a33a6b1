import { defineCommand } from '../../command.ts'
import { Failure, PlainFailure } from '../../failure.ts'

/** `kubectl config delete-cluster`: delete the specified cluster from the kubeconfig. */
export const configDeleteCluster = defineCommand({
  name: 'delete-cluster',
  summary: 'Delete the specified cluster from the kubeconfig',
  description: 'Delete the specified cluster from the kubeconfig.',
  examples: `  # Delete the minikube cluster
  kubectl config delete-cluster minikube`,
  usage: 'NAME',
  async run(invocation) {
    const [name, ...more] = invocation.args
    if (name === undefined || more.length > 0) throw new PlainFailure('Usage: kubectl config delete-cluster NAME')
    const { config } = invocation
    const path = config.files.fileOf('clusters', name)
    if (!config.files.read(path)['clusters'].has(name))
      throw new Failure(`cannot delete cluster ${name}, not in ${path}`)
    config.files.change('clusters', name, undefined, path)
    await invocation.print(`deleted cluster ${name} from ${path}\n`)
  },
})
