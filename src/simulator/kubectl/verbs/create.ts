import { defineCommand } from '../command.ts'
import { Failure, withSource } from '../failure.ts'
import { dryRun, fieldManager, record, saveConfig, validate } from '../flags/changing.ts'
import { fileFlags } from '../flags/files.ts'
import { boolean, text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import { selector } from '../flags/selecting.ts'
import { withChangeCause } from '../objects/changeCause.ts'
import { dryRunOf, dryRunQuery, withDryRun } from '../objects/dryRun.ts'
import { editAndCreate } from '../objects/editing.ts'
import { lastApplied } from '../objects/lastApplied.ts'
import { sendRaw } from '../objects/raw.ts'
import { Selection } from '../objects/selection.ts'
import { fieldValidation, validationOf } from '../objects/validation.ts'
import { printerFor } from '../output/printer.ts'
import { createCommands } from './create/registry.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files to use to create the resource'),
  selector,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  edit: boolean('Edit the API resource before creating'),
  raw: text('Raw URI to POST to the server.  Uses the transport specified by the kubeconfig file.'),
  'windows-line-endings': boolean('Only relevant if --edit=true. Defaults to the line ending native to your platform.'),
  record,
}

/** `kubectl create`: create a resource from a file or from stdin. */
export const create = defineCommand({
  name: 'create',
  summary: 'Create a resource from a file or from stdin',
  description: `Create a resource from a file or from stdin.

 JSON and YAML formats are accepted.`,
  examples: `  # Create a pod using the data in pod.json
  kubectl create -f ./pod.json

  # Create a pod based on the JSON passed into stdin
  cat pod.json | kubectl create -f -

  # Edit the data in registry.yaml in JSON then create the resource using the edited data
  kubectl create -f registry.yaml --edit -o json`,
  usage: '-f FILENAME',
  flags,
  commands: createCommands,
  async run(invocation) {
    invocation.config.check()
    const { flags, args, api } = invocation
    if (flags.raw) return sendRaw(invocation, 'POST', flags.raw, flags.filename)
    if (flags.filename.length === 0 && !flags.kustomize) {
      if (args.length > 0) throw invocation.usageError(`Unexpected args: [${args.join(' ')}]`)
      throw new Failure('must specify one of -f and -k')
    }
    if (args.length > 0) throw invocation.usageError(`Unexpected args: [${args.join(' ')}]`)
    const dryRun = dryRunOf(flags)
    const validation = validationOf(flags)
    const selection = await Selection.of(invocation, {
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
      selector: flags.selector,
      validation,
    })
    if (flags.edit) return editAndCreate(invocation, selection)
    const printer = printerFor(invocation.process, flags, { operation: withDryRun('created', dryRun) })
    let count = 0
    await selection.each(async ({ resource, namespace, object, source }) => {
      const caused = withChangeCause(invocation, object)
      const wanted = flags['save-config'] ? lastApplied.added(caused) : lastApplied.refreshed(caused)
      count++
      try {
        const created =
          dryRun === 'client'
            ? wanted
            : await api.create(resource, namespace, wanted, {
                fieldManager: flags['field-manager'],
                fieldValidation: fieldValidation(validation),
                ...dryRunQuery(dryRun),
              })
        await invocation.print(printer.print(created))
      } catch (error) {
        throw withSource(error, 'creating', source)
      }
    })
    if (count === 0) throw new Failure('no objects passed to create')
    return 0
  },
})
