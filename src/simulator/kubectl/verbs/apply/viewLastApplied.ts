import { defineCommand } from '../../command.ts'
import { fileFlags } from '../../flags/files.ts'
import { allOfType, selector } from '../../flags/selecting.ts'
import { text } from '../../flags/flag.ts'

const flags = {
  ...fileFlags('Filename, directory, or URL to files that contains the last-applied-configuration annotations'),
  selector,
  all: allOfType,
  output: text('Output format. Must be one of (yaml, json)', 'yaml', { short: 'o' }),
}

/** `kubectl apply view-last-applied`: view the latest last-applied-configuration annotations of a resource/object. */
export const applyViewLastApplied = defineCommand({
  name: 'view-last-applied',
  summary: 'View the latest last-applied-configuration annotations of a resource/object',
  description: `View the latest last-applied-configuration annotations by type/name or file.

 The default output will be printed to stdout in YAML format. You can use the -o option to change the output format.`,
  examples: `  # View the last-applied-configuration annotations by type/name in YAML
  kubectl apply view-last-applied deployment/nginx

  # View the last-applied-configuration annotations by file in JSON
  kubectl apply view-last-applied -f deploy.yaml -o json`,
  usage: '(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  flags,
})
