import { defineCommand } from '../../command.ts'
import { Failure, PlainFailure } from '../../failure.ts'

/** `kubectl config delete-user`: delete the specified user from the kubeconfig. */
export const configDeleteUser = defineCommand({
  name: 'delete-user',
  summary: 'Delete the specified user from the kubeconfig',
  description: 'Delete the specified user from the kubeconfig.',
  examples: `  # Delete the minikube user
  kubectl config delete-user minikube`,
  usage: 'NAME',
  async run(invocation) {
    const [name, ...more] = invocation.args
    if (name === undefined || more.length > 0) throw new PlainFailure('Usage: kubectl config delete-user NAME')
    const { config } = invocation
    const path = config.files.fileOf('users', name)
    if (!config.files.read(path)['users'].has(name)) throw new Failure(`cannot delete user ${name}, not in ${path}`)
    config.files.change('users', name, undefined, path)
    await invocation.print(`deleted user ${name} from ${path}\n`)
  },
})
