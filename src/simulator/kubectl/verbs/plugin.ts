import { defineCommand } from '../command.ts'
import { pluginCommands } from './plugin/registry.ts'

/** `kubectl plugin`: provides utilities for interacting with plugins. */
export const plugin = defineCommand({
  name: 'plugin',
  summary: 'Provides utilities for interacting with plugins',
  description: `Provides utilities for interacting with plugins.

 Plugins provide extended functionality that is not part of the major command-line distribution. Please refer to the documentation and examples for more information about how write your own plugins.

 The easiest way to discover and install plugins is via the kubernetes sub-project krew: [krew.sigs.k8s.io]. To install krew, visit https://krew.sigs.k8s.io/docs/user-guide/setup/install`,
  examples: `  # List all available plugins
  kubectl plugin list

  # List only binary names of available plugins without paths
  kubectl plugin list --name-only`,
  usage: '[flags]',
  commands: pluginCommands,
})
