import { defineCommand } from '../command.ts'
import { fileFlags } from '../flags/files.ts'
import { selector } from '../flags/selecting.ts'
import { fieldManager } from '../flags/changing.ts'
import { boolean, integer, repeated } from '../flags/flag.ts'

const flags = {
  ...fileFlags('Filename, directory, or URL to files contains the configuration to diff'),
  selector,
  'field-manager': fieldManager('kubectl-client-side-apply'),
  concurrency: integer('Number of objects to process in parallel when diffing against the live version. Larger number = faster, but more memory, I/O and CPU over that shorter period of time.', 1),
  'force-conflicts': boolean('If true, server-side apply will force the changes against conflicts.'),
  prune: boolean('Include resources that would be deleted by pruning. Can be used with -l and default shows all resources would be pruned'),
  'prune-allowlist': repeated('Overwrite the default allowlist with <group/version/kind> for --prune'),
  'server-side': boolean('If true, apply runs in the server instead of the client.'),
  'show-managed-fields': boolean('If true, include managed fields in the diff.'),
  'show-secrets': boolean('If true, do not mask secret values in the diff.'),
}

/** `kubectl diff`: diff the live version against a would-be applied version. */
export const diff = defineCommand({
  name: 'diff',
  summary: 'Diff the live version against a would-be applied version',
  description: `Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied.

 The output is always YAML.

 KUBECTL_EXTERNAL_DIFF environment variable can be used to select your own diff command. Users can use external commands with params too, example: KUBECTL_EXTERNAL_DIFF="colordiff -N -u"

 By default, the "diff" command available in your path will be run with the "-u" (unified diff) and "-N" (treat absent files as empty) options.

 Exit status: 0 No differences were found. 1 Differences were found. >1 Kubectl or diff failed with an error.

 Note: KUBECTL_EXTERNAL_DIFF, if used, is expected to follow that convention.`,
  examples: `  # Diff resources included in pod.json
  kubectl diff -f pod.json

  # Diff file read from stdin
  cat service.yaml | kubectl diff -f -`,
  usage: '-f FILENAME',
  flags,
})
