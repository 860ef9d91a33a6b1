/** A schema of an OpenAPI 3 document, as far as explanations read it. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly allOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[]
}

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** The types of one group and version. */
export interface OpenApiDocument {
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
}

/** The schema of a kind. */
export function schemaOfKind(document: OpenApiDocument, wanted: GroupVersionKind): Schema | undefined {
  return Object.values(document.components?.schemas ?? {}).find(schema =>
    schema['x-kubernetes-group-version-kind']?.some(
      ({ group, version, kind }) => group === wanted.group && version === wanted.version && kind === wanted.kind,
    ),
  )
}

/** What a schema refers to, or itself. */
export function resolved(document: OpenApiDocument, schema: Schema): Schema {
  return (schema.$ref && document.components?.schemas?.[schema.$ref.split('/').at(-1)!]) || schema
}

/** What a map holds; undefined for everything that is no map. */
export function valuesOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}
