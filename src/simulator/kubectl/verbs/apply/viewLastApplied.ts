import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { fileFlags } from '../../flags/files.ts'
import { text } from '../../flags/flag.ts'
import { allOfType, selector } from '../../flags/selecting.ts'
import { lastApplied } from '../../objects/lastApplied.ts'
import { Selection } from '../../objects/selection.ts'
import { formatYaml } from '../../output/yaml.ts'

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
  complete: 'resource',
  async run(invocation) {
    const { flags, args } = invocation
    if (flags.output !== 'yaml' && flags.output !== 'json') {
      throw invocation.usageError(
        `Unexpected -o output mode: ${flags.output}, the flag 'output' must be one of yaml|json`,
      )
    }
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
      selector: flags.selector,
      isAll: flags.all,
      mayBeType: true,
    })
    const configurations: unknown[] = []
    await selection.each(
      async ({ name, object }) => {
        const text = lastApplied.of(object)
        if (text === undefined)
          throw new Failure(`no last-applied-configuration annotation found on resource: ${name}\n`)
        configurations.push(JSON.parse(text))
      },
      { isLatest: true, stopsAtError: true },
    )
    for (const configuration of configurations) {
      const isJson = flags.output === 'json'
      await invocation.print(isJson ? `${JSON.stringify(configuration, undefined, 2)}\n` : formatYaml(configuration))
    }
  },
})
