import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { list, pairs, repeated } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { create, requireName } from '../../objects/create.ts'
import { rbacGroup, roleRules } from '../../objects/rbac.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  'aggregation-rule': { ...pairs('An aggregation label selector for combining ClusterRoles.'), shown: '' },
  'non-resource-url': list('A partial url that user should have access to.'),
  resource: list('Resource that the rule applies to'),
  'resource-name': repeated('Resource in the white list that the rule applies to, repeat this flag for multiple items'),
  verb: list('Verb that applies to the resources contained in the rule'),
}

/** `kubectl create clusterrole`: create a cluster role. */
export const createClusterrole = defineCommand({
  name: 'clusterrole',
  summary: 'Create a cluster role',
  description: 'Create a cluster role.',
  examples: `  # Create a cluster role named "pod-reader" that allows user to perform "get", "watch" and "list" on pods
  kubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods

  # Create a cluster role named "pod-reader" with ResourceName specified
  kubectl create clusterrole pod-reader --verb=get --resource=pods --resource-name=readablepod --resource-name=anotherpod

  # Create a cluster role named "foo" with API Group specified
  kubectl create clusterrole foo --verb=get,list,watch --resource=rs.apps

  # Create a cluster role named "foo" with SubResource specified
  kubectl create clusterrole foo --verb=get,list,watch --resource=pods,pods/status

  # Create a cluster role name "foo" with NonResourceURL specified
  kubectl create clusterrole "foo" --verb=get --non-resource-url=/logs/*

  # Create a cluster role name "monitoring" with AggregationRule specified
  kubectl create clusterrole monitoring --aggregation-rule="rbac.example.com/aggregate-to-monitoring=true"`,
  usage: 'NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const urls = flags['non-resource-url']
    const aggregation = Object.keys(flags['aggregation-rule']).length > 0 ? flags['aggregation-rule'] : undefined
    if (aggregation && (urls.length > 0 || flags.verb.length > 0 || flags.resource.length > 0)) {
      throw new Failure('aggregation rule must be specified without other fields')
    }
    if (urls.length > 0 && flags.resource.length === 0 && flags.verb.length === 0) {
      throw new Failure('at least one verb must be specified')
    }
    const rules = aggregation
      ? null
      : [
          ...(flags.resource.length > 0 || urls.length === 0
            ? await roleRules(
                flags,
                () => invocation.resources(),
                line => invocation.warn(line),
              )
            : []),
          ...(urls.length > 0 ? [{ verbs: [...new Set(flags.verb)], nonResourceURLs: urls }] : []),
        ]
    await create(invocation, flags, {
      object: {
        kind: 'ClusterRole',
        apiVersion: `${rbacGroup}/v1`,
        metadata: { name },
        rules,
        ...(aggregation && { aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregation }] } }),
      },
    })
  },
})
