import { defineCommand } from '../../command.ts'
import { Failure, PlainFailure } from '../../failure.ts'

/** `kubectl config use-context`: set the current-context in a kubeconfig file. */
export const configUseContext = defineCommand({
  name: 'use-context',
  aliases: ['use'],
  summary: 'Set the current-context in a kubeconfig file',
  description: 'Set the current-context in a kubeconfig file.',
  examples: `  # Use the context for the minikube cluster
  kubectl config use-context minikube`,
  usage: 'CONTEXT_NAME',
  async run(invocation) {
    const [name, ...more] = invocation.args
    if (name === undefined || more.length > 0) throw new PlainFailure('Usage: kubectl config use-context CONTEXT_NAME')
    const { files, kubeconfig } = invocation.config
    if (!kubeconfig.contexts.has(name)) throw new Failure(`no context exists with the name: "${name}"`)
    files.useContext(name)
    await invocation.print(`Switched to context "${name}".\n`)
  },
})
