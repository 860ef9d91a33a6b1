import { defineCommand } from '../../command.ts'

/** `kubectl config get-users`: display users defined in the kubeconfig. */
export const configGetUsers = defineCommand({
  name: 'get-users',
  summary: 'Display users defined in the kubeconfig',
  description: 'Display users defined in the kubeconfig.',
  examples: `  # List the users that kubectl knows about
  kubectl config get-users`,
  usage: '[flags]',
  async run(invocation) {
    const names = [...invocation.config.kubeconfig.users.keys()].sort()
    await invocation.print(['NAME', ...names].map(name => `${name}\n`).join(''))
  },
})
