import { defineCommand } from '../../command.ts'
import { Failure, Misuse } from '../../failure.ts'
import { boolean, text } from '../../flags/flag.ts'

const flags = {
  cluster: text('cluster for the context entry in kubeconfig'),
  current: boolean('Modify the current context'),
  namespace: text('namespace for the context entry in kubeconfig', '', { short: 'n' }),
  user: text('user for the context entry in kubeconfig'),
}

/** `kubectl config set-context`: set a context entry in kubeconfig. */
export const configSetContext = defineCommand({
  name: 'set-context',
  summary: 'Set a context entry in kubeconfig',
  description: `Set a context entry in kubeconfig.

 Specifying a name that already exists will merge new fields on top of existing values for those fields.`,
  examples: `  # Set the user field on the gce context entry without touching other values
  kubectl config set-context gce --user=cluster-admin`,
  usage: '[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  flags,
  complete: 'context',
  async run(invocation) {
    const { args, config, flags } = invocation
    if (args.length > 1) throw new Misuse(`Unexpected args: [${args.join(' ')}]`)
    const { currentContext, contexts } = config.kubeconfig
    if (args.length === 0 && !flags.current) {
      throw new Failure('you must specify a non-empty context name or --current')
    }
    if (args.length > 0 && flags.current) throw new Failure('you cannot specify both a context name and --current')
    const name = flags.current ? currentContext : args[0]!
    if (!name) throw new Failure('no current context is set')
    const before = contexts.get(name)
    const given = (['cluster', 'user', 'namespace'] as const).filter(key => invocation.has(key))
    const entry = Object.fromEntries(given.map(key => [key, flags[key]]))
    config.files.change('contexts', name, { ...before, ...entry })
    await invocation.print(`Context "${name}" ${before ? 'modified' : 'created'}.\n`)
  },
})
