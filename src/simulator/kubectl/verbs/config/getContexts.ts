import { defineCommand } from '../../command.ts'
import { text } from '../../flags/flag.ts'
import { noHeaders } from '../../flags/printing.ts'

const flags = {
  'no-headers': noHeaders,
  output: text('Output format. One of: (name).', '', { short: 'o' }),
}

/** `kubectl config get-contexts`: describe one or many contexts. */
export const configGetContexts = defineCommand({
  name: 'get-contexts',
  summary: 'Describe one or many contexts',
  description: 'Display one or many contexts from the kubeconfig file.',
  examples: `  # List all the contexts in your kubeconfig file
  kubectl config get-contexts

  # Describe one context in your kubeconfig file
  kubectl config get-contexts my-context`,
  usage: '[(-o|--output=)name)]',
  flags,
})
