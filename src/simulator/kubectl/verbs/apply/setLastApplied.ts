import { defineCommand } from '../../command.ts'
import { outputFlags } from '../../flags/printing.ts'
import { filename } from '../../flags/files.ts'
import { dryRun } from '../../flags/changing.ts'
import { boolean } from '../../flags/flag.ts'

const flags = {
  ...outputFlags,
  filename: filename('Filename, directory, or URL to files that contains the last-applied-configuration annotations'),
  'dry-run': dryRun,
  'create-annotation': boolean("Will create 'last-applied-configuration' annotations if current objects doesn't have one"),
}

/** `kubectl apply set-last-applied`: set the last-applied-configuration annotation on a live object to match the contents of a file. */
export const applySetLastApplied = defineCommand({
  name: 'set-last-applied',
  summary: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  description: "Set the latest last-applied-configuration annotations by setting it to match the contents of a file. This results in the last-applied-configuration being updated as though 'kubectl apply -f<file> ' was run, without updating any other parts of the object.",
  examples: `  # Set the last-applied-configuration of a resource to match the contents of a file
  kubectl apply set-last-applied -f deploy.yaml

  # Execute set-last-applied against each configuration file in a directory
  kubectl apply set-last-applied -f path/

  # Set the last-applied-configuration of a resource to match the contents of a file; will create the annotation if it does not already exist
  kubectl apply set-last-applied -f deploy.yaml --create-annotation=true`,
  usage: '-f FILENAME',
  flags,
})
