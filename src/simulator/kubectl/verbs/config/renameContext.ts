import { defineCommand } from '../../command.ts'
import { Failure, Misuse } from '../../failure.ts'

/** `kubectl config rename-context`: rename a context from the kubeconfig file. */
export const configRenameContext = defineCommand({
  name: 'rename-context',
  summary: 'Rename a context from the kubeconfig file',
  description: `Renames a context from the kubeconfig file.

 CONTEXT_NAME is the context name that you want to change.

 NEW_NAME is the new name you want to set.

 Note: If the context being renamed is the 'current-context', this field will also be updated.`,
  examples: `  # Rename the context 'old-name' to 'new-name' in your kubeconfig file
  kubectl config rename-context old-name new-name`,
  usage: 'CONTEXT_NAME NEW_NAME',
  complete: 'context',
  async run(invocation) {
    const { args, config } = invocation
    const [from, to] = args
    if (from === undefined || to === undefined || args.length > 2)
      throw new Misuse(`Unexpected args: [${args.join(' ')}]`)
    const { files, kubeconfig } = config
    const entry = kubeconfig.contexts.get(from)
    if (!entry) throw new Failure(`cannot rename the context "${from}", it's not in ${files.mainFile}`)
    if (kubeconfig.contexts.has(to)) {
      throw new Failure(`cannot rename the context "${from}", the context "${to}" already exists in ${files.mainFile}`)
    }
    const path = files.fileOf('contexts', from)
    files.change('contexts', from, undefined, path)
    files.change('contexts', to, entry, path)
    if (kubeconfig.currentContext === from) files.useContext(to)
    await invocation.print(`Context "${from}" renamed to "${to}".\n`)
  },
})
