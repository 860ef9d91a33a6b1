import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun } from '../../flags/changing.ts'
import { filename } from '../../flags/files.ts'
import { boolean } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { dryRunOf, dryRunQuery, withDryRun } from '../../objects/dryRun.ts'
import { lastApplied } from '../../objects/lastApplied.ts'
import { Selection } from '../../objects/selection.ts'
import type { Target } from '../../objects/target.ts'
import { printerFor } from '../../output/printer.ts'

const flags = {
  ...outputFlags,
  filename: filename('Filename, directory, or URL to files that contains the last-applied-configuration annotations'),
  'dry-run': dryRun,
  'create-annotation': boolean(
    "Will create 'last-applied-configuration' annotations if current objects doesn't have one",
  ),
}

/** `kubectl apply set-last-applied`: set the last-applied-configuration annotation on a live object to match the contents of a file. */
export const applySetLastApplied = defineCommand({
  name: 'set-last-applied',
  summary: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  description:
    "Set the latest last-applied-configuration annotations by setting it to match the contents of a file. This results in the last-applied-configuration being updated as though 'kubectl apply -f<file> ' was run, without updating any other parts of the object.",
  examples: `  # Set the last-applied-configuration of a resource to match the contents of a file
  kubectl apply set-last-applied -f deploy.yaml

  # Execute set-last-applied against each configuration file in a directory
  kubectl apply set-last-applied -f path/

  # Set the last-applied-configuration of a resource to match the contents of a file; will create the annotation if it does not already exist
  kubectl apply set-last-applied -f deploy.yaml --create-annotation=true`,
  usage: '-f FILENAME',
  flags,
  async run(invocation) {
    const { flags, api } = invocation
    const dryRun = dryRunOf(flags)
    const printer = printerFor(invocation.process, flags, { operation: withDryRun('configured', dryRun) })
    const selection = await Selection.of(invocation, { filenames: flags.filename })
    const changes: (Target & { readonly text: string })[] = []
    await selection.each(
      async target => {
        const { resource, namespace, name, object } = target
        const live = await api.get(resource, namespace, name)
        const before = lastApplied.of(live)
        if (before === undefined && !flags['create-annotation']) {
          throw new Failure(
            `no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation`,
          )
        }
        const text = lastApplied.textOf(object)
        if (text === before) await invocation.print(`set-last-applied ${name}: no changes required.\n`)
        else changes.push({ ...target, object: live, text })
      },
      { stopsAtError: true },
    )
    for (const { resource, namespace, name, object, text } of changes) {
      const patch = { metadata: { annotations: { [lastApplied.annotation]: text } } }
      const stored =
        dryRun === 'client'
          ? object
          : await api.patch(resource, namespace, name, 'merge', patch, { query: dryRunQuery(dryRun) })
      await invocation.print(printer.print(stored))
    }
  },
})
