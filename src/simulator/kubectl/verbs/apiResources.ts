import { defineCommand } from '../command.ts'
import { boolean, list, text } from '../flags/flag.ts'
import { noHeaders } from '../flags/printing.ts'
import { formatJson } from '../output/json.ts'
import { formatTable } from '../output/table.ts'
import { formatYaml } from '../output/yaml.ts'
import { apiVersionOf, qualifiedName, type Resource } from '../server/resource.ts'

const flags = {
  'no-headers': noHeaders,
  'api-group': text('Limit to resources in the specified API group.'),
  cached: boolean('Use the cached list of resources if available.'),
  categories: list('Limit to resources that belong to the specified categories.'),
  namespaced: boolean(
    'If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.',
    true,
  ),
  output: text('Output format. One of: (json, yaml, kyaml, name, wide).', '', { short: 'o' }),
  'show-managed-fields': boolean('If true, keep the managedFields when printing objects in JSON or YAML format.'),
  'sort-by': text(
    "If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.",
  ),
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
  async run(invocation) {
    const { args, flags } = invocation
    if (args.length > 0) throw invocation.usageError(`unexpected arguments: [${args.join(' ')}]`)
    if (!['', 'name', 'wide', 'json', 'yaml', 'kyaml'].includes(flags.output))
      throw invocation.usageError(`--output ${flags.output} is not available`)
    if (!['', 'name', 'kind'].includes(flags['sort-by']))
      throw invocation.usageError('--sort-by accepts only name or kind')
    const { all } = await invocation.resources(!flags.cached)
    const isPreferred = ({ group, plural }: Resource, at: number) =>
      all.findIndex(each => each.group === group && each.plural === plural) === at
    const wanted = all.filter(
      (resource, at) =>
        isPreferred(resource, at) &&
        (!invocation.has('api-group') || resource.group === flags['api-group']) &&
        (!invocation.has('namespaced') || resource.namespaced === flags.namespaced) &&
        flags.verbs.every(verb => resource.verbs.includes(verb)) &&
        flags.categories.every(category => resource.categories.includes(category)),
    )
    const sorted = [...wanted].sort(orderBy(flags['sort-by']))
    if (flags.output === 'name') return invocation.print(sorted.map(one => `${qualifiedName(one)}\n`).join(''))
    if (flags.output && flags.output !== 'wide') {
      const list = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: '', resources: sorted.map(described) }
      return invocation.print(flags.output === 'json' ? formatJson(list) : formatYaml(list))
    }
    const isWide = flags.output === 'wide'
    const header = [
      'NAME',
      'SHORTNAMES',
      'APIVERSION',
      'NAMESPACED',
      'KIND',
      ...(isWide ? ['VERBS', 'CATEGORIES'] : []),
    ]
    const rows = sorted.map(one => [
      one.plural,
      one.shortNames.join(','),
      apiVersionOf(one),
      String(one.namespaced),
      one.kind,
      ...(isWide ? [one.verbs.join(','), one.categories.join(',')] : []),
    ])
    await invocation.print(formatTable(flags['no-headers'] ? rows : [header, ...rows]))
  },
})

/** By group and name, or by the column that was asked for. */
function orderBy(field: string): (a: Resource, b: Resource) => number {
  const key = (one: Resource) =>
    field === 'kind' ? one.kind : field === 'name' ? one.plural : `${one.group} ${one.plural}`
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
}

function described({ plural, singular, namespaced, group, version, kind, verbs, shortNames, categories }: Resource) {
  return { name: plural, singularName: singular, namespaced, group, version, kind, verbs, shortNames, categories }
}
