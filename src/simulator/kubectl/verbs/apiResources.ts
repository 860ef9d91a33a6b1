import { defineCommand } from '../command.ts'
import { noHeaders } from '../flags/printing.ts'
import { boolean, list, text } from '../flags/flag.ts'

const flags = {
  'no-headers': noHeaders,
  'api-group': text('Limit to resources in the specified API group.'),
  cached: boolean('Use the cached list of resources if available.'),
  categories: list('Limit to resources that belong to the specified categories.'),
  namespaced: boolean('If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.', true),
  output: text('Output format. One of: (json, yaml, kyaml, name, wide).', '', { short: 'o' }),
  'show-managed-fields': boolean('If true, keep the managedFields when printing objects in JSON or YAML format.'),
  'sort-by': text("If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'."),
  verbs: list('Limit to resources that support the specified verbs.'),
}

/** `kubectl api-resources`: print the supported API resources on the server. */
export const apiResources = defineCommand({
  name: 'api-resources',
  summary: 'Print the supported API resources on the server',
  description: 'Print the supported API resources on the server.',
  examples: `  # Print the supported API resources
  kubectl api-resources

  # Print the supported API resources with more information
  kubectl api-resources -o wide

  # Print the supported API resources sorted by a column
  kubectl api-resources --sort-by=name

  # Print the supported namespaced resources
  kubectl api-resources --namespaced=true

  # Print the supported non-namespaced resources
  kubectl api-resources --namespaced=false

  # Print the supported API resources with a specific APIGroup
  kubectl api-resources --api-group=rbac.authorization.k8s.io`,
  usage: '[flags]',
  flags,
})
