import { defineCommand } from '../../command.ts'
import { Failure, PlainFailure } from '../../failure.ts'

/** `kubectl config delete-context`: delete the specified context from the kubeconfig. */
export const configDeleteContext = defineCommand({
  name: 'delete-context',
  summary: 'Delete the specified context from the kubeconfig',
  description: 'Delete the specified context from the kubeconfig.',
  examples: `  # Delete the context for the minikube cluster
  kubectl config delete-context minikube`,
  usage: 'NAME',
  async run(invocation) {
    const [name, ...more] = invocation.args
    if (name === undefined || more.length > 0) throw new PlainFailure('Usage: kubectl config delete-context NAME')
    const { config } = invocation
    const path = config.files.fileOf('contexts', name)
    if (!config.files.read(path)['contexts'].has(name))
      throw new Failure(`cannot delete context ${name}, not in ${path}`)
    if (config.kubeconfig.currentContext === name)
      await invocation.warn(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one',
      )
    config.files.change('contexts', name, undefined, path)
    await invocation.print(`deleted context ${name} from ${path}\n`)
  },
})
