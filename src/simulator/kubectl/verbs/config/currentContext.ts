import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'

/** `kubectl config current-context`: display the current-context. */
export const configCurrentContext = defineCommand({
  name: 'current-context',
  summary: 'Display the current-context',
  description: 'Display the current-context.',
  examples: `  # Display the current-context
  kubectl config current-context`,
  usage: '[flags]',
  async run(invocation) {
    const name = invocation.config.kubeconfig.currentContext
    if (!name) throw new Failure('current-context is not set')
    await invocation.print(`${name}\n`)
  },
})
