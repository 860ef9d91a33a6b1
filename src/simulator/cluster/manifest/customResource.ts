import type { JsonSchema } from '../api/jsonSchema/jsonSchema.ts'
import type { Draft } from '../api/object.ts'
import type { CustomResourceDefinition, PrinterColumn } from '../kinds/definitions/definition.ts'

/** A kind that a plugin or an add-on brings, in the words of its CustomResourceDefinition. */
export interface CustomResource {
  readonly group: string
  readonly kind: string
  readonly plural: string
  /** The kind in lower case, unless it is spelt otherwise. */
  readonly singular?: string
  readonly scope?: 'Namespaced' | 'Cluster'
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly annotations?: Readonly<Record<string, string>>
  /** The version that is stored stands first. */
  readonly versions: readonly string[]
  readonly hasStatus?: boolean
  readonly schema: JsonSchema
  readonly columns?: readonly PrinterColumn[]
}

/** The column that tables of most custom kinds end with. */
export const ageColumn: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }

/** A column of text. */
export function textColumn(name: string, jsonPath: string, priority = 0): PrinterColumn {
  return { name, type: 'string', jsonPath, ...(priority > 0 && { priority }) }
}

/** The object that defines a kind to the API server. */
export function definitionOf(resource: CustomResource): Draft<CustomResourceDefinition> {
  const { group, kind, plural, scope, shortNames, categories, annotations, columns, hasStatus = true } = resource
  return {
    metadata: { name: `${plural}.${group}`, ...(annotations && { annotations: { ...annotations } }) },
    spec: {
      group,
      names: {
        kind,
        plural,
        listKind: `${kind}List`,
        singular: resource.singular ?? kind.toLowerCase(),
        ...(categories && { categories: [...categories] }),
        ...(shortNames && { shortNames: [...shortNames] }),
      },
      scope: scope ?? 'Namespaced',
      versions: resource.versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: resource.schema },
        ...(columns && { additionalPrinterColumns: [...columns] }),
        ...(hasStatus && { subresources: { status: {} } }),
      })),
    },
  }
}
