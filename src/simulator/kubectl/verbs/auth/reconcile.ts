import { isEqual } from '../../../cluster/api/equality.ts'
import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun } from '../../flags/changing.ts'
import { fileFlags } from '../../flags/files.ts'
import { boolean } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import type { Invocation } from '../../invocation.ts'
import { type DryRun, dryRunOf, dryRunQuery, withDryRun } from '../../objects/dryRun.ts'
import { Selection } from '../../objects/selection.ts'
import type { Target } from '../../objects/target.ts'
import { printerFor } from '../../output/printer.ts'
import type { AnyObject } from '../../server/object.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to reconcile.'),
  'dry-run': dryRun,
  'remove-extra-permissions': boolean('If true, removes extra permissions added to roles'),
  'remove-extra-subjects': boolean('If true, removes extra subjects added to rolebindings'),
}

/** `kubectl auth reconcile`: reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects. */
export const authReconcile = defineCommand({
  name: 'reconcile',
  summary: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
  description: `Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects.

 Missing objects are created, and the containing namespace is created for namespaced objects, if required.

 Existing roles are updated to include the permissions in the input objects, and remove extra permissions if --remove-extra-permissions is specified.

 Existing bindings are updated to include the subjects in the input objects, and remove extra subjects if --remove-extra-subjects is specified.

 This is preferred to 'apply' for RBAC resources so that semantically-aware merging of rules and subjects is done.`,
  examples: `  # Reconcile RBAC resources from a file
  kubectl auth reconcile -f my-rbac-rules.yaml`,
  usage: '-f FILENAME',
  flags,
  async run(invocation) {
    const { flags, args, process } = invocation
    if (args.length > 0) throw new Failure('no arguments are allowed')
    if (flags.filename.length === 0 && !flags.kustomize) throw new Failure('must specify one of -f and -k')
    const dryRun = dryRunOf(flags)
    const selection = await Selection.of(invocation, {
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
    })
    const printer = printerFor(process, flags, { operation: withDryRun('reconciled', dryRun) })
    await selection.each(async target => {
      if (target.resource.group !== 'rbac.authorization.k8s.io') return
      await invocation.print(printer.print(await reconcile(invocation, target, dryRun)))
    })
  },
})

// Simplified: what is missing or too much is put right without a list of it, and a binding to another role is an error
// of the server instead of being made anew.
async function reconcile(
  invocation: Invocation<typeof flags>,
  { resource, namespace, name, object }: Target,
  dryRun: DryRun,
): Promise<AnyObject> {
  const { api, flags } = invocation
  const query = { fieldManager: 'kubectl-auth', ...dryRunQuery(dryRun) }
  const existing = await api.find(resource, namespace, name)
  if (!existing) return dryRun === 'client' ? object : api.create(resource, namespace, object, query)
  const isRole = object.kind.endsWith('Role')
  const field = isRole ? 'rules' : 'subjects'
  const removes = isRole ? flags['remove-extra-permissions'] : flags['remove-extra-subjects']
  const [wanted, present] = [object, existing].map(each => (each[field] ?? []) as object[]) as [object[], object[]]
  const missing = wanted.filter(each => !present.some(other => isEqual(each, other)))
  const kept = removes ? present.filter(each => wanted.some(other => isEqual(each, other))) : present
  if (missing.length === 0 && kept.length === present.length) return existing
  const changed = { ...existing, [field]: [...kept, ...missing] }
  return dryRun === 'client' ? changed : api.replace(resource, namespace, name, changed, query)
}
