import { defineCommand } from '../../command.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { list, repeated } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { create, givenNamespace, requireName } from '../../objects/create.ts'
import { rbacGroup, roleRules } from '../../objects/rbac.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  resource: list('Resource that the rule applies to'),
  'resource-name': repeated('Resource in the white list that the rule applies to, repeat this flag for multiple items'),
  verb: list('Verb that applies to the resources contained in the rule'),
}

/** `kubectl create role`: create a role with single rule. */
export const createRole = defineCommand({
  name: 'role',
  summary: 'Create a role with single rule',
  description: 'Create a role with single rule.',
  examples: `  # Create a role named "pod-reader" that allows user to perform "get", "watch" and "list" on pods
  kubectl create role pod-reader --verb=get --verb=list --verb=watch --resource=pods

  # Create a role named "pod-reader" with ResourceName specified
  kubectl create role pod-reader --verb=get --resource=pods --resource-name=readablepod --resource-name=anotherpod

  # Create a role named "foo" with API Group specified
  kubectl create role foo --verb=get,list,watch --resource=rs.apps

  # Create a role named "foo" with SubResource specified
  kubectl create role foo --verb=get,list,watch --resource=pods,pods/status`,
  usage:
    'NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const rules = await roleRules(
      flags,
      () => invocation.resources(),
      line => invocation.warn(line),
    )
    await create(invocation, flags, {
      object: { kind: 'Role', apiVersion: `${rbacGroup}/v1`, metadata: { name, ...givenNamespace(invocation) }, rules },
    })
  },
})
