import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { text } from '../../flags/flag.ts'
import { yamlOutputFlags } from '../../flags/printing.ts'
import { printerFor } from '../../output/printer.ts'
import { preferencesPath, readPreferences, recommendedPreferences, writePreferences } from '../../preferences/kuberc.ts'
import type { AnyObject } from '../../server/object.ts'

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
  async run(invocation) {
    const { flags, process } = invocation
    const path = preferencesPath(process, flags.kuberc)
    const found = readPreferences(process, path)
    if (found === 'invalid') throw new Failure(`no valid preferences found in ${path}, use --v=5 to see details`)
    if (found)
      return invocation.print(printerFor(process, flags, { isTyped: true }).print(found as unknown as AnyObject))
    await invocation.print(`kuberc file not found at ${path}
Would you like to generate a default kuberc file with recommended options? (y/N): `)
    const answer = ((await process.stdin.read()) ?? '').trim().toLowerCase()
    if (answer !== 'y' && answer !== 'yes') return
    writePreferences(process, path, recommendedPreferences)
    await invocation.print(`Updated ${path}\n`)
  },
})
