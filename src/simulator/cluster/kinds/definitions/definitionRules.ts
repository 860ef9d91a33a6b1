import { type FieldError, invalid, notSupported, required } from '../../api/fieldError.ts'
import { checkDns1035Label, checkDns1123Subdomain } from '../../api/names.ts'
import {
  type CustomResourceDefinition,
  type DefinitionNames,
  type DefinitionVersion,
  isTrue,
  type PrinterColumn,
} from './definition.ts'
import { validateSchema } from './schemaRules.ts'

/** What is wrong with a definition by itself. */
export function validateDefinition({ metadata, spec }: CustomResourceDefinition): FieldError[] {
  const errors: FieldError[] = []
  const { group = '', names, scope, versions = [], preserveUnknownFields } = spec
  if (metadata.name && metadata.name !== `${names?.plural ?? ''}.${group}`)
    errors.push(invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group'))
  if (!group) errors.push(required('spec.group'))
  else if (checkDns1123Subdomain(group).length > 0)
    errors.push(invalid('spec.group', group, checkDns1123Subdomain(group).join(',')))
  else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'))
  if (!scope) errors.push(required('spec.scope'))
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']))
  for (const [index, version] of versions.entries()) errors.push(...validateVersion(version, `spec.versions[${index}]`))
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(invalid('spec.versions', versions, 'must contain unique version names'))
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalid('spec.versions', versions, 'must have exactly one version marked as storage version'))
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const)
    if (!names?.[name]) errors.push(required(`spec.names.${name}`))
  if (names) errors.push(...validateNames(names, 'spec.names'))
  if (preserveUnknownFields) {
    const text =
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
    errors.push(invalid('spec.preserveUnknownFields', true, text))
  }
  errors.push(...validateConversion(spec.conversion), ...validateApproval(metadata.annotations, group))
  return errors
}

/** What is wrong with changing a definition. */
export function validateDefinitionChange(
  { spec, status }: CustomResourceDefinition,
  previous: CustomResourceDefinition,
): FieldError[] {
  const errors: FieldError[] = []
  const keep = (path: string, value: unknown, before: unknown) => {
    if (value !== before) errors.push(invalid(path, value, 'field is immutable'))
  }
  if (isTrue(previous, 'Established')) {
    keep('spec.scope', spec.scope, previous.spec.scope)
    keep('spec.names.kind', spec.names.kind, previous.spec.names.kind)
  }
  keep('spec.group', spec.group, previous.spec.group)
  keep('spec.names.plural', spec.names.plural, previous.spec.names.plural)
  for (const [index, version] of (status?.storedVersions ?? []).entries()) {
    if (spec.versions.some(({ name }) => name === version)) continue
    const text = `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`
    errors.push(invalid(`status.storedVersions[${index}]`, version, text))
  }
  return errors
}

function validateNames(names: DefinitionNames, path: string): FieldError[] {
  const errors: FieldError[] = []
  const check = (at: string, name: string, before = '') => {
    const texts = name ? checkDns1035Label(before ? name.toLowerCase() : name) : []
    if (texts.length > 0) errors.push(invalid(`${path}.${at}`, name, before + texts.join(',')))
  }
  const mixed = 'may have mixed case, but should otherwise match: '
  check('plural', names.plural)
  check('singular', names.singular ?? '')
  check('kind', names.kind, mixed)
  check('listKind', names.listKind ?? '', mixed)
  for (const [index, name] of (names.shortNames ?? []).entries()) check(`shortNames[${index}]`, name)
  if (names.kind && names.kind === names.listKind)
    errors.push(invalid(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'))
  for (const [index, name] of (names.categories ?? []).entries()) check(`categories[${index}]`, name)
  return errors
}

function validateVersion(version: DefinitionVersion, path: string): FieldError[] {
  const errors: FieldError[] = []
  const texts = checkDns1035Label(version.name ?? '')
  if (texts.length > 0) errors.push(invalid(`${path}.name`, version.name, texts.join(',')))
  const at = `${path}.schema.openAPIV3Schema`
  const schema = version.schema?.openAPIV3Schema
  if (schema) errors.push(...validateSchema(schema, at))
  else errors.push(required(at, 'schemas are required'))
  if (!version.deprecated && version.deprecationWarning !== undefined)
    errors.push(
      invalid(`${path}.deprecationWarning`, version.deprecationWarning, 'can only be set for deprecated versions'),
    )
  errors.push(...validateScalePaths(version, `${path}.subresources.scale`))
  for (const [index, column] of (version.additionalPrinterColumns ?? []).entries())
    errors.push(...validateColumn(column, `${path}.additionalPrinterColumns[${index}]`))
  return errors
}

function validateScalePaths({ subresources }: DefinitionVersion, path: string): FieldError[] {
  const { scale } = subresources ?? {}
  if (!scale) return []
  const errors: FieldError[] = []
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale
  if (!specReplicasPath) errors.push(required(`${path}.specReplicasPath`))
  else if (!specReplicasPath.startsWith('.spec.'))
    errors.push(invalid(`${path}.specReplicasPath`, specReplicasPath, 'should be a json path under .spec'))
  if (!statusReplicasPath) errors.push(required(`${path}.statusReplicasPath`))
  else if (!statusReplicasPath.startsWith('.status.'))
    errors.push(invalid(`${path}.statusReplicasPath`, statusReplicasPath, 'should be a json path under .status'))
  if (labelSelectorPath && !/^\.(spec|status)\./.test(labelSelectorPath))
    errors.push(
      invalid(`${path}.labelSelectorPath`, labelSelectorPath, 'should be a json path under either .spec or .status'),
    )
  return errors
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']

function validateColumn({ name, type, jsonPath }: PrinterColumn, path: string): FieldError[] {
  const errors: FieldError[] = []
  const text = `must be one of ${columnTypes.join(',')}`
  if (!name) errors.push(required(`${path}.name`))
  if (!type) errors.push(required(`${path}.type`, text))
  else if (!columnTypes.includes(type)) errors.push(invalid(`${path}.type`, type, text))
  if (!jsonPath) errors.push(required(`${path}.jsonPath`))
  else if (!/^[.[]/.test(jsonPath))
    errors.push(invalid(`${path}.jsonPath`, jsonPath, 'must be a simple json path starting with .'))
  return errors
}

function validateConversion(conversion: CustomResourceDefinition['spec']['conversion']): FieldError[] {
  if (!conversion) return []
  const { strategy, webhook } = conversion
  if (strategy !== 'None' && strategy !== 'Webhook')
    return [notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook'])]
  if (strategy === 'Webhook' && !webhook)
    return [required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook')]
  return []
}

const approval = 'api-approved.kubernetes.io'

/** Whether the names of a group belong to the community, which must have agreed to them. */
export function isProtectedGroup(group: string): boolean {
  return /(^|\.)(k8s\.io|kubernetes\.io)$/.test(group)
}

function validateApproval(annotations: Readonly<Record<string, string>> | undefined, group: string): FieldError[] {
  const path = `metadata.annotations[${approval}]`
  const value = annotations?.[approval]
  if (!isProtectedGroup(group) || value?.startsWith('unapproved')) return []
  if (!value)
    return [
      required(
        path,
        `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`,
      ),
    ]
  if (/^https?:\/\/\S+$/.test(value)) return []
  return [
    invalid(
      path,
      value,
      `protected groups must have approval annotation "${approval}" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111`,
    ),
  ]
}
