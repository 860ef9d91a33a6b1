import { defineCommand } from '../../command.ts'
import { unsetProperty } from '../../config/properties.ts'
import { Misuse } from '../../failure.ts'

/** `kubectl config unset`: unset an individual value in a kubeconfig file. */
export const configUnset = defineCommand({
  name: 'unset',
  summary: 'Unset an individual value in a kubeconfig file',
  description: `Unset an individual value in a kubeconfig file.

 PROPERTY_NAME is a dot delimited name where each token represents either an attribute name or a map key.  Map keys may not contain dots.`,
  examples: `  # Unset the current-context
  kubectl config unset current-context

  # Unset namespace in foo context
  kubectl config unset contexts.foo.namespace`,
  usage: 'PROPERTY_NAME',
  async run(invocation) {
    const { args, config } = invocation
    const [property] = args
    if (property === undefined || args.length > 1) throw new Misuse(`Unexpected args: [${args.join(' ')}]`)
    unsetProperty(config.files, property)
    await invocation.print(`Property "${property}" unset.\n`)
  },
})
