import { defineCommand } from '../../command.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { repeated, text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { create, requireName } from '../../objects/create.ts'
import { bindingSubjects, rbacGroup } from '../../objects/rbac.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  clusterrole: text('ClusterRole this ClusterRoleBinding should reference'),
  group: repeated('Groups to bind to the clusterrole. The flag can be repeated to add multiple groups.'),
  serviceaccount: repeated(
    'Service accounts to bind to the clusterrole, in the format <namespace>:<name>. The flag can be repeated to add multiple service accounts.',
  ),
  user: repeated('Usernames to bind to the clusterrole. The flag can be repeated to add multiple users.'),
}

/** `kubectl create clusterrolebinding`: create a cluster role binding for a particular cluster role. */
export const createClusterrolebinding = defineCommand({
  name: 'clusterrolebinding',
  summary: 'Create a cluster role binding for a particular cluster role',
  description: 'Create a cluster role binding for a particular cluster role.',
  examples: `  # Create a cluster role binding for user1, user2, and group1 using the cluster-admin cluster role
  kubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1 --user=user2 --group=group1`,
  usage:
    'NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  flags,
  required: ['clusterrole'],
  async run(invocation) {
    const { flags } = invocation
    await create(invocation, flags, {
      failure: 'failed to create clusterrolebinding: ',
      object: {
        kind: 'ClusterRoleBinding',
        apiVersion: `${rbacGroup}/v1`,
        metadata: { name: requireName(invocation) },
        ...bindingSubjects(flags),
        roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: flags.clusterrole },
      },
    })
  },
})
