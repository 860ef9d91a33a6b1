import { defineCommand } from '../../command.ts'

/** `kubectl config get-clusters`: display clusters defined in the kubeconfig. */
export const configGetClusters = defineCommand({
  name: 'get-clusters',
  summary: 'Display clusters defined in the kubeconfig',
  description: 'Display clusters defined in the kubeconfig.',
  examples: `  # List the clusters that kubectl knows about
  kubectl config get-clusters`,
  usage: '[flags]',
  async run(invocation) {
    const names = [...invocation.config.kubeconfig.clusters.keys()].sort()
    await invocation.print(['NAME', ...names].map(name => `${name}\n`).join(''))
  },
})
