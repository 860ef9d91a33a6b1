import { defineCommand } from '../../command.ts'
import { Failure, throwAll } from '../../failure.ts'
import { text } from '../../flags/flag.ts'
import { noHeaders } from '../../flags/printing.ts'
import { formatTable } from '../../output/table.ts'

const flags = {
  'no-headers': noHeaders,
  output: text('Output format. One of: (name).', '', { short: 'o' }),
}

/** `kubectl config get-contexts`: describe one or many contexts. */
export const configGetContexts = defineCommand({
  name: 'get-contexts',
  summary: 'Describe one or many contexts',
  description: 'Display one or many contexts from the kubeconfig file.',
  examples: `  # List all the contexts in your kubeconfig file
  kubectl config get-contexts

  # Describe one context in your kubeconfig file
  kubectl config get-contexts my-context`,
  usage: '[(-o|--output=)name)]',
  flags,
  async run(invocation) {
    const { args, config, flags } = invocation
    const { contexts, currentContext } = config.kubeconfig
    if (flags.output !== '' && flags.output !== 'name')
      throw new Failure(
        `--output ${flags.output} is not available in kubectl config get-contexts; resetting to default output format`,
      )
    const names = (args.length > 0 ? [...new Set(args)] : [...contexts.keys()]).sort()
    const missing = names.filter(name => !contexts.has(name))
    const found = names.filter(name => contexts.has(name))
    if (flags.output === 'name') await invocation.print(found.map(name => `${name}\n`).join(''))
    else {
      const cell = (value: unknown) => String(value ?? '')
      const rows = found.map(name => {
        const { cluster, user, namespace } = contexts.get(name)!
        return [name === currentContext ? '*' : '', name, cell(cluster), cell(user), cell(namespace)]
      })
      const header = flags['no-headers'] ? [] : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']]
      await invocation.print(formatTable([...header, ...rows]))
    }
    throwAll(missing.map(name => new Failure(`context ${name} not found`)))
  },
})
