import type { DocumentedKind } from './documentedKind.ts'
import { addPaths } from './paths.ts'
import { SchemaCollection } from './schemas.ts'
import type { TypeNames } from './typeNames.ts'
import type { ApiWords } from './words.ts'

const about = { title: 'Kubernetes', version: '1.36' }
const securityDefinitions = {
  BearerToken: { description: 'Bearer Token authentication', type: 'apiKey', name: 'authorization', in: 'header' },
}

/** The OpenAPI 3 document of a group and version: what kubectl explains fields with, and editors check against. */
export function openApiDocument(kinds: readonly DocumentedKind[], names: TypeNames, words: ApiWords | undefined) {
  const collection = new SchemaCollection('v3', names, words)
  const paths: Record<string, unknown> = {}
  for (const kind of kinds) addPaths(kind, paths, collection, 'v3')
  return {
    openapi: '3.0.0',
    info: about,
    paths,
    components: { schemas: collection.schemas, securitySchemes: securityDefinitions },
  }
}

/** The OpenAPI 2 document of all kinds, as older clients read it. */
export function swaggerDocument(kinds: readonly DocumentedKind[], names: TypeNames, words: ApiWords | undefined) {
  const collection = new SchemaCollection('v2', names, words)
  const paths: Record<string, unknown> = {}
  for (const kind of kinds) addPaths(kind, paths, collection, 'v2')
  return {
    swagger: '2.0',
    info: about,
    paths,
    definitions: collection.schemas,
    securityDefinitions,
    security: [{ BearerToken: [] }],
  }
}
