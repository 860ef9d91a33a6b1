import { defineCommand } from '../command.ts'
import { Failure, withSource } from '../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../flags/changing.ts'
import { deletionFlags, waitForDeletion } from '../flags/deleting.ts'
import { filename, kustomize, recursive } from '../flags/files.ts'
import { text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import { deleteAndWait, deletionLine } from '../objects/deletion.ts'
import { dryRunOf, dryRunQuery, withDryRun } from '../objects/dryRun.ts'
import { lastApplied } from '../objects/lastApplied.ts'
import { sendRaw } from '../objects/raw.ts'
import { Selection } from '../objects/selection.ts'
import { fieldValidation, validationOf } from '../objects/validation.ts'
import { printerFor } from '../output/printer.ts'
import type { AnyObject } from '../server/object.ts'

const flags = {
  ...outputFlags,
  recursive: recursive(),
  kustomize: kustomize('a'),
  filename: filename('The files that contain the configurations to replace.'),
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-replace'),
  validate,
  'save-config': saveConfig,
  ...deletionFlags,
  wait: waitForDeletion,
  raw: text('Raw URI to PUT to the server.  Uses the transport specified by the kubeconfig file.'),
  subresource: text('If specified, replace will operate on the subresource of the requested object.'),
}

/** `kubectl replace`: replace a resource by file name or stdin. */
export const replace = defineCommand({
  name: 'replace',
  summary: 'Replace a resource by file name or stdin',
  description: `Replace a resource by file name or stdin.

 JSON and YAML formats are accepted. If replacing an existing resource, the complete resource spec must be provided. This can be obtained by

        $ kubectl get TYPE NAME -o yaml`,
  examples: `  # Replace a pod using the data in pod.json
  kubectl replace -f ./pod.json

  # Replace a pod based on the JSON passed into stdin
  cat pod.json | kubectl replace -f -

  # Update a single-container pod's image version (tag) to v4
  kubectl get pod mypod -o yaml | sed 's/\\(image: myimage\\):.*$/\\1:v4/' | kubectl replace -f -

  # Force replace, delete and then re-create the resource
  kubectl replace --force -f ./pod.json`,
  usage: '-f FILENAME',
  flags,
  async run(invocation) {
    invocation.config.check()
    const { flags, api } = invocation
    const dryRun = dryRunOf(flags)
    if (flags['grace-period'] >= 0 && !flags.force) throw new Failure('--grace-period must have --force specified')
    if (flags.timeout !== 0 && !flags.force) throw new Failure('--timeout must have --force specified')
    if (flags.raw) return sendRaw(invocation, 'PUT', flags.raw, flags.filename)
    if (flags.filename.length === 0 && !flags.kustomize) throw new Failure('must specify one of -f and -k')
    const validation = validationOf(flags)
    const selection = await Selection.of(invocation, {
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
      validation,
    })
    const query = {
      fieldManager: flags['field-manager'],
      fieldValidation: fieldValidation(validation),
      ...dryRunQuery(dryRun),
    }
    const printer = printerFor(invocation.process, flags, { operation: withDryRun('replaced', dryRun) })
    const targets = await selection.all()
    if (targets.length === 0) throw new Failure('no objects passed to replace')
    if (flags.force) {
      for (const target of targets) {
        if (dryRun === 'none') await deleteAndWait(invocation, target, flags)
        await invocation.print(deletionLine(target, flags['grace-period'] === 0, dryRun))
      }
    }
    for (const { resource, namespace, name, object, source } of targets) {
      const wanted = flags['save-config'] ? lastApplied.added(object) : lastApplied.refreshed(object)
      try {
        if (dryRun === 'client') await invocation.print(printer.print(wanted))
        else if (flags.force)
          await invocation.print(printer.print(await api.create(resource, namespace, withoutIdentity(wanted), query)))
        else {
          // A manifest without a version replaces whatever is there.
          const version =
            wanted.metadata.resourceVersion ?? (await api.get(resource, namespace, name)).metadata.resourceVersion!
          const versioned = { ...wanted, metadata: { ...wanted.metadata, resourceVersion: version } }
          await invocation.print(printer.print(await api.replace(resource, namespace, name, versioned, query)))
        }
      } catch (error) {
        throw withSource(error, flags.force ? 'creating' : 'replacing', source)
      }
    }
  },
})

/** A deleted object can be made again only without what the server gave it. */
function withoutIdentity(object: AnyObject): AnyObject {
  const { resourceVersion: _, uid: __, ...metadata } = object.metadata
  return { ...object, metadata }
}
