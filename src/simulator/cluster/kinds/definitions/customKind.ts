import { copyOf } from '../../api/copy.ts'
import type { Decoded } from '../../api/decode.ts'
import { type FieldError, invalid } from '../../api/fieldError.ts'
import { fillIn } from '../../api/jsonSchema/defaults.ts'
import type { JsonObject, JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import { validateLists } from '../../api/jsonSchema/lists.ts'
import { prune } from '../../api/jsonSchema/prune.ts'
import { shapeOfObject } from '../../api/jsonSchema/shape.ts'
import { validateValue } from '../../api/jsonSchema/validate.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { valueAt } from '../../api/valueAt.ts'
import type { Kind, ScalePaths } from '../kind.ts'
import type { CustomResourceDefinition, DefinitionVersion } from './definition.ts'
import { columnsOf } from './printerColumns.ts'
import { compileRules, validateRules } from './rules.ts'

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const wholeSchema: JsonSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

/**
 * The kinds that a definition defines, one for each version: first the one whose objects are stored.
 * Simplified: an object is checked by the schema of the version that is stored, whichever version it is sent in.
 */
export function customKinds(definition: CustomResourceDefinition): readonly Kind[] {
  const { versions } = definition.spec
  const storedVersion = versions.find(({ storage }) => storage)!
  const stored = customKind(definition, storedVersion)
  const others = versions.filter(version => version !== storedVersion && version.served)
  return [stored, ...others.map(version => viewOf(customKind(definition, version), stored))]
}

/** Without conversion the versions of an object differ in nothing but the name of the version. */
function viewOf(kind: Kind, stored: Kind): Kind {
  const named = (object: KubernetesObject, { group, version }: Kind) => ({
    ...object,
    apiVersion: `${group}/${version}`,
  })
  return {
    ...kind,
    view: {
      stored,
      toStored(object) {
        const copy = copyOf(object)
        kind.defaults?.(copy)
        return named(copy, stored)
      },
      fromStored: (object: never) => named(object, kind),
    },
  }
}

function customKind({ metadata, spec }: CustomResourceDefinition, version: DefinitionVersion): Kind {
  const { group, names, scope } = spec
  const { subresources = {}, selectableFields } = version
  const schema = version.schema?.openAPIV3Schema ?? wholeSchema
  const { scale } = subresources
  const rules = compileRules(schema)
  const validate = (object: KubernetesObject, previous?: KubernetesObject) => {
    const errors = [
      ...validateScale(object, scale),
      ...validateValue(object, schema, '', previous),
      ...validateLists(object, schema),
    ]
    return [...errors, ...validateRules(rules, object, previous, errors)]
  }
  return {
    group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? '',
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: scope === 'Namespaced',
    subresources: [...(subresources.status ? ['status'] : []), ...(scale ? ['scale'] : [])],
    verbs: metadata.deletionTimestamp ? verbs.filter(verb => verb !== 'create') : verbs,
    hasGeneration: true,
    custom: {
      definition: metadata.name,
      listKind: names.listKind ?? `${names.kind}List`,
      isServed: version.served,
      isTerminating: metadata.deletionTimestamp !== undefined,
      schema,
      shape: shapeOfObject(schema),
      ...(scale && { scale }),
      decode: value => decodeObject(value as JsonObject, schema),
    },
    ...(version.deprecated && { deprecation: deprecationOf(spec, version) }),
    ...(selectableFields && { fieldLabels: selectableFields.map(({ jsonPath }) => jsonPath.replace(/^\./, '')) }),
    defaults: object => fillIn(object, schema),
    validateCreate: object => validate(object),
    validateUpdate: validate,
    validateStatus: validate,
    columns: columnsOf(version.additionalPrinterColumns),
  }
}

function decodeObject(object: JsonObject, schema: JsonSchema): Decoded {
  const { value, unknown } = prune({ metadata: {}, ...object }, schema)
  return { value, complaints: unknown.map(path => `unknown field ${JSON.stringify(path)}`) }
}

function deprecationOf({ group, names }: CustomResourceDefinition['spec'], version: DefinitionVersion): string {
  return version.deprecationWarning ?? `${group}/${version.name} ${names.kind} is deprecated`
}

// The number of replicas is a count that fits into 32 bits: customResourceValidator.ValidateUpdate.
function validateScale(object: KubernetesObject, scale: ScalePaths | undefined): FieldError[] {
  const errors: FieldError[] = []
  for (const path of scale ? [scale.specReplicasPath, scale.statusReplicasPath] : []) {
    const value = valueAt(object, path)
    if (typeof value !== 'number') continue
    if (value < 0) errors.push(invalid(path, value, 'should be a non-negative integer'))
    else if (value > 2 ** 31 - 1) errors.push(invalid(path, value, 'should be less than or equal to 2147483647'))
  }
  return errors
}
