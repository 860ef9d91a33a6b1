import { defineCommand } from '../../command.ts'
import { boolean } from '../../flags/flag.ts'

const flags = {
  'name-only': boolean('If true, display only the binary name of each plugin, rather than its full path'),
}

/** `kubectl plugin list`: list all visible plugin executables on a user's PATH. */
export const pluginList = defineCommand({
  name: 'list',
  summary: "List all visible plugin executables on a user's PATH",
  description: `List all available plugin files on a user's PATH. To see plugins binary names without the full path use --name-only flag.

 Available plugin files are those that are: - executable - anywhere on the user's PATH - begin with "kubectl-"`,
  examples: `  # List all available plugins
  kubectl plugin list

  # List only binary names of available plugins without paths
  kubectl plugin list --name-only`,
  usage: '[flags]',
  flags,
})
