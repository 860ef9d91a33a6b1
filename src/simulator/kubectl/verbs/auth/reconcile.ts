import { defineCommand } from '../../command.ts'
import { dryRun } from '../../flags/changing.ts'
import { fileFlags } from '../../flags/files.ts'
import { boolean } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'

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
})
