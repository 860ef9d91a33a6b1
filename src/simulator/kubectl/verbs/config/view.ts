import { defineCommand } from '../../command.ts'
import { minified, toDocument, withoutSecrets } from '../../config/kubeconfig.ts'
import { Failure } from '../../failure.ts'
import { boolean } from '../../flags/flag.ts'
import { yamlOutputFlags } from '../../flags/printing.ts'
import { printerFor } from '../../output/printer.ts'
import type { AnyObject } from '../../server/object.ts'

const flags = {
  ...yamlOutputFlags,
  flatten: boolean(
    'Flatten the resulting kubeconfig file into self-contained output (useful for creating portable kubeconfig files)',
  ),
  merge: boolean('Merge the full hierarchy of kubeconfig files', true),
  minify: boolean('Remove all information not used by current-context from the output'),
  raw: boolean('Display raw byte data and sensitive data'),
}

/** `kubectl config view`: display merged kubeconfig settings or a specified kubeconfig file. */
export const configView = defineCommand({
  name: 'view',
  summary: 'Display merged kubeconfig settings or a specified kubeconfig file',
  description: `Display merged kubeconfig settings or a specified kubeconfig file.

 You can use --output jsonpath={...} to extract specific values using a jsonpath expression.`,
  examples: `  # Show merged kubeconfig settings
  kubectl config view

  # Show merged kubeconfig settings, raw certificate data, and exposed secrets
  kubectl config view --raw

  # Get the password for the e2e user
  kubectl config view -o jsonpath='{.users[?(@.name == "e2e")].user.password}'`,
  usage: '[flags]',
  flags,
  async run(invocation) {
    const { args, config, flags, process } = invocation
    if (args.length > 0) throw invocation.usageError(`unexpected arguments: [${args.join(' ')}]`)
    if (!flags.merge && !config.files.isExplicit) {
      throw new Failure('if merge==false a precise file must be specified')
    }
    const all = config.kubeconfig
    const chosen = flags.minify ? minified(all, config.contextName) : all
    const shown = toDocument(flags.raw || flags.flatten ? chosen : withoutSecrets(chosen))
    const printer = printerFor(process, flags, { isTyped: true })
    await invocation.print(printer.print(shown as unknown as AnyObject))
  },
})
