import { defineCommand } from '../../command.ts'
import { outputFlags } from '../../flags/printing.ts'
import { printerFor } from '../../output/printer.ts'
import { formatTable } from '../../output/table.ts'

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
  async run(invocation) {
    invocation.config.check()
    const { flags, process } = invocation
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
    const review = await invocation.api.write('POST', path, {
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
    })
    if (flags.output || flags.template) {
      const { kind, apiVersion, ...rest } = review
      const printer = printerFor(process, flags, { isTyped: true })
      return invocation.print(printer.print({ kind, apiVersion, ...rest }))
    }
    const { userInfo } = review['status'] as { userInfo: { username: string; groups?: string[]; uid?: string } }
    const rows = [
      ['ATTRIBUTE', 'VALUE'],
      ['Username', userInfo.username],
    ]
    if (userInfo.uid) rows.push(['UID', userInfo.uid])
    if (userInfo.groups?.length) rows.push(['Groups', `[${userInfo.groups.join(' ')}]`])
    await invocation.print(formatTable(rows))
  },
})
