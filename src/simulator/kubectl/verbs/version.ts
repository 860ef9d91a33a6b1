import { defineCommand } from '../command.ts'
import { boolean, text } from '../flags/flag.ts'

const flags = {
  client: boolean('If true, shows client version only (no server required).'),
  output: text("One of 'yaml' or 'json'.", '', { short: 'o' }),
}

/** `kubectl version`: print the client and server version information. */
export const version = defineCommand({
  name: 'version',
  summary: 'Print the client and server version information',
  description: 'Print the client and server version information for the current context.',
  examples: `  # Print the client and server versions for the current context
  kubectl version`,
  usage: '[flags]',
  flags,
})
