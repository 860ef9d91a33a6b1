import { defineCommand } from '../../command.ts'
import { boolean, repeated, text } from '../../flags/flag.ts'

const flags = {
  'allowlist-entry': repeated('Allowlist entry the form field=value (can be specified multiple times)'),
  appendarg: repeated('Argument to append to the command (can be specified multiple times, for aliases only)'),
  command: text("Command to configure (e.g., 'get', 'create', 'set env')"),
  kuberc: text(
    'Path to the kuberc file to use for preferences. This can be disabled by exporting KUBECTL_KUBERC=false feature gate or turning off the feature KUBERC=off.',
    '',
    { bare: '' },
  ),
  name: text('Alias name (required for --section=aliases)'),
  option: repeated('Flag option in the form flag=value (can be specified multiple times)'),
  overwrite: boolean('Allow overwriting existing entries'),
  policy: text("Plugin policy to use for exec credential plugins, must be one of 'AllowAll', 'DenyAll' or 'Allowlist'"),
  prependarg: repeated('Argument to prepend to the command (can be specified multiple times, for aliases only)'),
  section: text("Section to modify: 'defaults', 'aliases', or 'credentialplugin'"),
}

/** `kubectl kuberc set`: set values in the kuberc configuration. */
export const kubercSet = defineCommand({
  name: 'set',
  summary: 'Set values in the kuberc configuration',
  description: `Set values in the kuberc configuration file.

 Use --section to specify whether to set defaults or aliases.

 For defaults: Sets default flag values for kubectl commands. The --command flag should specify only the command (e.g., "get", "create", "set env"), not resources.

 For aliases: Creates command aliases with optional default flag values and arguments. Use --prependarg and --appendarg to include resources or other arguments.`,
  examples: `  # Set default output format for 'get' command
  kubectl kuberc set --section defaults --command get --option output=wide

  # Set default output format for a subcommand
  kubectl kuberc set --section defaults --command "set env" --option output=yaml

  # Create an alias 'getn' for 'get' command with prepended 'nodes' resource
  kubectl kuberc set --section aliases --name getn --command get --prependarg nodes --option output=wide

  # Create an alias 'runx' for 'run' command with appended arguments
  kubectl kuberc set --section aliases --name runx --command run --option image=nginx --appendarg "--" --appendarg custom-arg1

  # Overwrite an existing default
  kubectl kuberc set --section defaults --command get --option output=json --overwrite

  # Set the credential plugin policy and allowlist
  kubectl kuberc set --section credentialplugin --policy Allowlist --allowlist-entry command=cloud-credential-helper`,
  usage: '--section (defaults|aliases) --command COMMAND',
  flags,
})
