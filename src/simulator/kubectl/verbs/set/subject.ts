import { isEqual } from '../../../cluster/api/equality.ts'
import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager } from '../../flags/changing.ts'
import { fileFlags } from '../../flags/files.ts'
import { boolean, repeated } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { all, selector } from '../../flags/selecting.ts'
import { bindingSubjects } from '../../objects/rbac.ts'
import { Unfit, updateSpecs } from '../../objects/specUpdate.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files the resource to update the subjects'),
  selector,
  all,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-set'),
  group: repeated('Groups to bind to the role'),
  local: boolean('If true, set subject will NOT contact api-server but run locally.'),
  serviceaccount: repeated('Service accounts to bind to the role'),
  user: repeated('Usernames to bind to the role'),
}

/** `kubectl set subject`: update the user, group, or service account in a role binding or cluster role binding. */
export const setSubject = defineCommand({
  name: 'subject',
  summary: 'Update the user, group, or service account in a role binding or cluster role binding',
  description: 'Update the user, group, or service account in a role binding or cluster role binding.',
  examples: `  # Update a cluster role binding for serviceaccount1
  kubectl set subject clusterrolebinding admin --serviceaccount=namespace:serviceaccount1

  # Update a role binding for user1, user2, and group1
  kubectl set subject rolebinding admin --user=user1 --user=user2 --group=group1

  # Print the result (in YAML format) of updating rolebinding subjects from a local, without hitting the server
  kubectl create rolebinding admin --role=admin --user=admin -o yaml --dry-run=client | kubectl set subject --local -f - --user=foo -o yaml`,
  usage:
    '(-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags, args } = invocation
    if (flags.all && flags.selector) throw new Failure('cannot set --all and --selector at the same time')
    const { subjects = [] } = bindingSubjects(flags)
    await updateSpecs(invocation, {
      resources: args,
      flags,
      operation: 'subjects updated',
      subject: 'subjects to rolebinding',
      check() {
        if (subjects.length === 0) {
          throw new Failure('you must specify at least one value of user, group or serviceaccount')
        }
      },
      change(object) {
        if (!/^(Cluster)?RoleBinding$/.test(object.kind)) {
          throw new Unfit('setting subjects is only supported for RoleBinding/ClusterRoleBinding')
        }
        const existing = (object['subjects'] ?? []) as object[]
        const added = subjects.filter(subject => !existing.some(each => isEqual(each, subject)))
        object['subjects'] = [...existing, ...added]
      },
    })
  },
})
