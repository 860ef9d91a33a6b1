import { defineCommand } from '../../command.ts'
import { Failure, Misuse } from '../../failure.ts'

/** `kubectl config delete-context`: delete the specified context from the kubeconfig. */
export const configDeleteContext = defineCommand({
  name: 'delete-context',
  summary: 'Delete the specified context from the kubeconfig',
  description: 'Delete the specified context from the kubeconfig.',
  examples: `  # Delete the context for the minikube cluster
  kubectl config delete-context minikube`,
  usage: 'NAME',
  complete: 'context',
  async run(invocation) {
    const { args, config } = invocation
    const [name] = args
    if (name === undefined || args.length > 1) throw new Misuse('', 0)
    const { files, kubeconfig } = config
    if (!kubeconfig.contexts.has(name)) throw new Failure(`cannot delete context ${name}, not in ${files.mainFile}`)
    if (config.kubeconfig.currentContext === name) {
      await invocation.warn(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one',
      )
    }
    files.change('contexts', name, undefined)
    await invocation.print(`deleted context ${name} from ${files.mainFile}\n`)
  },
})
