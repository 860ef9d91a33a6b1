import { defineCommand } from '../../command.ts'

/** `kubectl config current-context`: display the current-context. */
export const configCurrentContext = defineCommand({
  name: 'current-context',
  summary: 'Display the current-context',
  description: 'Display the current-context.',
  examples: `  # Display the current-context
  kubectl config current-context`,
  usage: '[flags]',
})
