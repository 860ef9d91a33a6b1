import { defineCommand } from '../../command.ts'
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
})
