import { defineCommand } from '../../command.ts'
import { outputFlags } from '../../flags/printing.ts'

const flags = {
  ...outputFlags,
}

/** `kubectl auth whoami`: experimental: Check self subject attributes. */
export const authWhoami = defineCommand({
  name: 'whoami',
  summary: 'Experimental: Check self subject attributes',
  description: `Experimental: Check who you are and your attributes (groups, extra).

        This command is helpful to get yourself aware of the current user attributes,
        especially when dynamic authentication, e.g., token webhook, auth proxy, or OIDC provider,
        is enabled in the Kubernetes cluster.`,
  examples: `  # Get your subject attributes
  kubectl auth whoami

  # Get your subject attributes in JSON format
  kubectl auth whoami -o json`,
  usage: '',
  flags,
})
