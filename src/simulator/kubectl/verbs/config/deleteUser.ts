import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'

/** `kubectl config delete-user`: delete the specified user from the kubeconfig. */
export const configDeleteUser = defineCommand({
  name: 'delete-user',
  summary: 'Delete the specified user from the kubeconfig',
  description: 'Delete the specified user from the kubeconfig.',
  examples: `  # Delete the minikube user
  kubectl config delete-user minikube`,
  usage: 'NAME',
  complete: 'user',
  async run(invocation) {
    const { args, config } = invocation
    const [name] = args
    if (name === undefined || args.length > 1) throw invocation.usageError('user to delete is required')
    const { files, kubeconfig } = config
    if (!kubeconfig.users.has(name)) throw new Failure(`cannot delete user ${name}, not in ${files.mainFile}`)
    files.change('users', name, undefined)
    await invocation.print(`deleted user ${name} from ${files.mainFile}\n`)
  },
})
