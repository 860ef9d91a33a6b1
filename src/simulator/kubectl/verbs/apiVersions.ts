import { defineCommand } from '../command.ts'
import { apiVersionOf } from '../server/resource.ts'

/** `kubectl api-versions`: print the supported API versions on the server, in the form of "group/version". */
export const apiVersions = defineCommand({
  name: 'api-versions',
  summary: 'Print the supported API versions on the server, in the form of "group/version"',
  description: 'Print the supported API versions on the server, in the form of "group/version".',
  examples: `  # Print the supported API versions
  kubectl api-versions`,
  usage: '',
  async run(invocation) {
    const { args } = invocation
    if (args.length > 0) throw invocation.usageError(`unexpected arguments: [${args.join(' ')}]`)
    const { all } = await invocation.resources(true)
    const versions = [...new Set(all.map(apiVersionOf))].sort()
    await invocation.print(versions.map(version => `${version}\n`).join(''))
  },
})
