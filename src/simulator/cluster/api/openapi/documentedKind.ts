import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'

/** A kind as far as documents about it need to know. */
export interface DocumentedKind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly subresources: readonly string[]
  readonly verbs?: readonly string[]
  readonly schema?: string
  readonly custom?: { readonly schema: JsonSchema; readonly listKind: string }
}

/** A JSON schema as OpenAPI writes it. */
export type Schema = Readonly<Record<string, unknown>>

/** OpenAPI 2, which people call Swagger, or 3. */
export type Dialect = 'v2' | 'v3'

/** The name of a kind with its group and version, as schemas and operations carry it. */
export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}
