import { defineCommand } from '../command.ts'
import { type OpenApiDocument, schemaOfKind } from '../explaining/openApi.ts'
import { Explanation } from '../explaining/plaintext.ts'
import { Failure, PlainFailure } from '../failure.ts'
import { boolean, text } from '../flags/flag.ts'
import { apiVersionOf, type Resource } from '../server/resource.ts'
import type { Resources } from '../server/resources.ts'

const flags = {
  'api-version': text('Get different explanations for particular API version (API group/version)'),
  output: text('Format in which to render the schema (plaintext, plaintext-openapiv2)', 'plaintext', { short: 'o' }),
  recursive: boolean('Print the fields of fields (Currently only 1 level deep)', false, { short: 'R' }),
}

/** `kubectl explain`: get documentation for a resource. */
export const explain = defineCommand({
  name: 'explain',
  summary: 'Get documentation for a resource',
  description: `Describe fields and structure of various resources.

 This command describes the fields associated with each supported API resource. Fields are identified via a simple JSONPath identifier:

        <type>.<fieldName>[.<fieldName>]
        
 Information about each field is retrieved from the server in OpenAPI format.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `  # Get the documentation of the resource and its fields
  kubectl explain pods

  # Get all the fields in the resource
  kubectl explain pods --recursive

  # Get the explanation for deployment in supported api versions
  kubectl explain deployments --api-version=apps/v1

  # Get the documentation of a specific field of a resource
  kubectl explain pods.spec.containers

  # Get the documentation of resources in different format
  kubectl explain deployment --output=plaintext-openapiv2`,
  usage: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  flags,
  complete: 'resource-types',
  async run(invocation) {
    const { args, flags } = invocation
    const [argument, ...more] = args
    if (argument === undefined) {
      throw new Failure(
        'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
      )
    }
    if (more.length > 0) throw new Failure('We accept only this format: explain RESOURCE')
    const resources = await invocation.resourcesThatKnow(known => isKnown(known, argument))
    const { resource, path } = parseField(resources, argument)
    const { group, version, kind } = inVersion(resources, resource, flags['api-version'])
    // Simplified: `plaintext-openapiv2` gives the same text.
    if (!['plaintext', 'plaintext-openapiv2'].includes(flags.output)) {
      throw new Failure(`unrecognized format: ${flags.output}`)
    }
    const place = `${group ? 'apis' : 'api'}/${apiVersionOf({ group, version })}`
    const document = await invocation.api.read<OpenApiDocument>(`/openapi/v3/${place}`)
    await invocation.print(`${group && `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`)
    const schema = schemaOfKind(document, { group, version, kind })
    if (!schema)
      throw new Failure(`GVK map[group:${group} kind:${kind} version:${version}] not found in OpenAPI schema`)
    await invocation.print(`${new Explanation(document, flags.recursive).of(schema, path)}\n`)
  },
})

function isKnown(resources: Resources, argument: string): boolean {
  try {
    parseField(resources, argument)
    return true
  } catch {
    return false
  }
}

/** Splits `pods.spec.containers` into the resource and the path of a field; a group may stand between them. */
function parseField(resources: Resources, argument: string): { resource: Resource; path: readonly string[] } {
  const parts = argument.replace(/\.$/, '').split('.')
  for (let length = parts.length; length > 1; length--) {
    const [name, ...rest] = parts.slice(0, length)
    const group = rest.join('.')
    const resource = resources.findNamed(`${name}.${group}`)
    if (resource && (resource.group === group || `${resource.version}.${resource.group}` === group)) {
      return { resource, path: parts.slice(length) }
    }
  }
  const resource = resources.findNamed(parts[0]!)
  if (!resource) throw new PlainFailure(`the server doesn't have a resource type ${JSON.stringify(parts[0])}`)
  return { resource, path: parts.slice(1) }
}

function inVersion(resources: Resources, resource: Resource, apiVersion: string): Resource {
  if (apiVersion === '') return resource
  const found = resources.all.find(each => apiVersionOf(each) === apiVersion && each.plural === resource.plural)
  if (!found) throw new Failure(`couldn't find resource for "${apiVersion}, Resource=${resource.plural}"`)
  return found
}
