import type { JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { ScalePaths } from '../kind.ts'

/** Holds a definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

/** What a learner writes to teach the API server a new kind. */
export interface CustomResourceDefinition extends KubernetesObject {
  spec: {
    group: string
    names: DefinitionNames
    scope: string
    versions: DefinitionVersion[]
    conversion?: { strategy: string; webhook?: unknown }
    preserveUnknownFields?: boolean
  }
  status?: {
    acceptedNames?: DefinitionNames
    conditions?: DefinitionCondition[]
    storedVersions?: string[]
  }
}

export interface DefinitionNames {
  plural: string
  singular?: string
  kind: string
  listKind?: string
  shortNames?: string[]
  categories?: string[]
}

export interface DefinitionVersion {
  name: string
  served: boolean
  storage: boolean
  deprecated?: boolean
  deprecationWarning?: string
  schema?: { openAPIV3Schema?: JsonSchema }
  subresources?: { status?: object; scale?: ScalePaths }
  additionalPrinterColumns?: PrinterColumn[]
  selectableFields?: { jsonPath: string }[]
}

export interface PrinterColumn {
  name: string
  type: string
  format?: string
  description?: string
  priority?: number
  jsonPath: string
}

export interface DefinitionCondition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string
}

/** Whether a condition of a definition is true. */
export function isTrue({ status }: CustomResourceDefinition, type: string): boolean {
  return status?.conditions?.some(condition => condition.type === type && condition.status === 'True') ?? false
}
