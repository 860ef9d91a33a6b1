import { defineCommand } from '../../command.ts'
import { fieldManager, record, validate } from '../../flags/changing.ts'
import { fileFlags } from '../../flags/files.ts'
import { boolean } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { editLastApplied } from '../../objects/editingLastApplied.ts'
import { Selection } from '../../objects/selection.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files to use to edit the resource'),
  'field-manager': fieldManager('kubectl-client-side-apply'),
  validate,
  'windows-line-endings': boolean('Defaults to the line ending native to your platform.'),
  record,
}

/** `kubectl apply edit-last-applied`: edit latest last-applied-configuration annotations of a resource/object. */
export const applyEditLastApplied = defineCommand({
  name: 'edit-last-applied',
  summary: 'Edit latest last-applied-configuration annotations of a resource/object',
  description: `Edit the latest last-applied-configuration annotations of resources from the default editor.

 The edit-last-applied command allows you to directly edit any API resource you can retrieve via the command-line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment variables, or fall back to 'vi' for Linux or 'notepad' for Windows. You can edit multiple objects, although changes are applied one at a time. The command accepts file names as well as command-line arguments, although the files you point to must be previously saved versions of resources.

 The default format is YAML. To edit in JSON, specify "-o json".

 The flag --windows-line-endings can be used to force Windows line endings, otherwise the default for your operating system will be used.

 In the event an error occurs while updating, a temporary file will be created on disk that contains your unapplied changes. The most common error when updating a resource is another editor changing the resource on the server. When this occurs, you will have to apply your changes to the newer version of the resource, or update your temporary saved copy to include the latest resource version.`,
  examples: `  # Edit the last-applied-configuration annotations by type/name in YAML
  kubectl apply edit-last-applied deployment/nginx

  # Edit the last-applied-configuration annotations by file in JSON
  kubectl apply edit-last-applied -f deploy.yaml -o json`,
  usage: '(RESOURCE/NAME | -f FILENAME)',
  flags,
  complete: 'resource',
  async run(invocation) {
    const { flags, args } = invocation
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
    })
    return editLastApplied(invocation, selection, flags)
  },
})
