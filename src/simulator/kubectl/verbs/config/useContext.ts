import { defineCommand } from '../../command.ts'
import { Failure, Misuse } from '../../failure.ts'

/** `kubectl config use-context`: set the current-context in a kubeconfig file. */
export const configUseContext = defineCommand({
  name: 'use-context',
  aliases: ['use'],
  summary: 'Set the current-context in a kubeconfig file',
  description: 'Set the current-context in a kubeconfig file.',
  examples: `  # Use the context for the minikube cluster
  kubectl config use-context minikube`,
  usage: 'CONTEXT_NAME',
  complete: 'context',
  async run(invocation) {
    const { args, config } = invocation
    const [name] = args
    if (name === undefined || args.length > 1) throw new Misuse(`Unexpected args: [${args.join(' ')}]`)
    const { files, kubeconfig } = config
    if (!kubeconfig.contexts.has(name)) throw new Failure(`no context exists with the name: "${name}"`)
    files.useContext(name)
    await invocation.print(`Switched to context "${name}".\n`)
  },
})
