import { defineCommand } from '../command.ts'
import { kubercCommands } from './kuberc/registry.ts'

/** `kubectl kuberc`: manage kuberc configuration files. */
export const kuberc = defineCommand({
  name: 'kuberc',
  summary: 'Manage kuberc configuration files',
  description: `Manage user preferences (kuberc) file.

 The kuberc file allows you to customize your kubectl experience.`,
  examples: `  # View the current kuberc configuration
  kubectl kuberc view

  # Set a default value for a command flag
  kubectl kuberc set --section defaults --command get --option output=wide

  # Create an alias for a command
  kubectl kuberc set --section aliases --name getn --command get --prependarg nodes --option output=wide`,
  usage: 'SUBCOMMAND',
  commands: kubercCommands,
})
