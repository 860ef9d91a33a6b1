import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { repeated, text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { create, givenNamespace, requireName } from '../../objects/create.ts'
import { bindingSubjects, rbacGroup } from '../../objects/rbac.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  clusterrole: text('ClusterRole this RoleBinding should reference'),
  group: repeated('Groups to bind to the role. The flag can be repeated to add multiple groups.'),
  role: text('Role this RoleBinding should reference'),
  serviceaccount: repeated(
    'Service accounts to bind to the role, in the format <namespace>:<name>. The flag can be repeated to add multiple service accounts.',
  ),
  user: repeated('Usernames to bind to the role. The flag can be repeated to add multiple users.'),
}

/** `kubectl create rolebinding`: create a role binding for a particular role or cluster role. */
export const createRolebinding = defineCommand({
  name: 'rolebinding',
  summary: 'Create a role binding for a particular role or cluster role',
  description: 'Create a role binding for a particular role or cluster role.',
  examples: `  # Create a role binding for user1, user2, and group1 using the admin cluster role
  kubectl create rolebinding admin --clusterrole=admin --user=user1 --user=user2 --group=group1

  # Create a role binding for service account monitoring:sa-dev using the admin role
  kubectl create rolebinding admin-binding --role=admin --serviceaccount=monitoring:sa-dev`,
  usage:
    'NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    if ((flags.clusterrole === '') === (flags.role === '')) {
      throw new Failure('exactly one of clusterrole or role must be specified')
    }
    await create(invocation, flags, {
      failure: 'failed to create rolebinding: ',
      object: {
        kind: 'RoleBinding',
        apiVersion: `${rbacGroup}/v1`,
        metadata: { name, ...givenNamespace(invocation) },
        ...bindingSubjects(flags),
        roleRef: {
          apiGroup: rbacGroup,
          kind: flags.role ? 'Role' : 'ClusterRole',
          name: flags.role || flags.clusterrole,
        },
      },
    })
  },
})
