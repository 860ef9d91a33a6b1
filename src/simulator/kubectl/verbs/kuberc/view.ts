import { defineCommand } from '../../command.ts'
import { text } from '../../flags/flag.ts'
import { yamlOutputFlags } from '../../flags/printing.ts'

const flags = {
  ...yamlOutputFlags,
  kuberc: text(
    'Path to the kuberc file to use for preferences. This can be disabled by exporting KUBECTL_KUBERC=false feature gate or turning off the feature KUBERC=off.',
    '',
    { bare: '' },
  ),
}

/** `kubectl kuberc view`: display the current kuberc configuration. */
export const kubercView = defineCommand({
  name: 'view',
  summary: 'Display the current kuberc configuration',
  description: 'Display the contents of the kuberc file in the specified output format.',
  examples: `  # View kuberc configuration in YAML format (default)
  kubectl kuberc view

  # View kuberc configuration in JSON format
  kubectl kuberc view --output json

  # View a specific kuberc file
  kubectl kuberc view --kuberc /path/to/kuberc`,
  usage: '',
  flags,
})
