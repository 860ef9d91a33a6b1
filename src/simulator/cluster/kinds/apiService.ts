import { type FieldError, invalid, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Hands a group of the API to another server. */
export interface ApiService extends KubernetesObject {
  spec: {
    group?: string
    version?: string
    /** Where that server is; absent for what the API server serves itself. */
    service?: { namespace?: string; name?: string; port?: number }
    insecureSkipTLSVerify?: boolean
    caBundle?: string
    groupPriorityMinimum?: number
    versionPriority?: number
  }
  status: { conditions?: readonly ApiServiceCondition[] }
}

export interface ApiServiceCondition {
  readonly type: string
  readonly status: string
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export const apiService = defineKind<ApiService>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  singular: 'apiservice',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],
  defaults({ spec }) {
    if (spec.service) spec.service.port ??= 443
  },
  validate({ metadata, spec }) {
    const errors: FieldError[] = []
    const expected = `${spec.version ?? ''}.${spec.group ?? ''}`
    if (metadata.name !== expected)
      errors.push(invalid('metadata.name', metadata.name, `must be \`spec.version+"."+spec.group\`: "${expected}"`))
    if (!spec.version) errors.push(required('spec.version'))
    if (!spec.groupPriorityMinimum || spec.groupPriorityMinimum > 20_000)
      errors.push(
        invalid('spec.groupPriorityMinimum', spec.groupPriorityMinimum ?? 0, 'must be positive and less than 20000'),
      )
    if (!spec.versionPriority || spec.versionPriority > 1000)
      errors.push(invalid('spec.versionPriority', spec.versionPriority ?? 0, 'must be positive and less than 1000'))
    if (spec.service && !spec.service.namespace) errors.push(required('spec.service.namespace'))
    if (spec.service && !spec.service.name) errors.push(required('spec.service.name'))
    if (spec.service && !spec.caBundle && !spec.insecureSkipTLSVerify)
      errors.push(invalid('spec.insecureSkipTLSVerify', false, 'must be true if no caBundle is given'))
    return errors
  },
  columns: [
    nameColumn,
    {
      name: 'Service',
      value: ({ spec }) => (spec.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local'),
    },
    { name: 'Available', value: availability },
    ageColumn,
  ],
})

function availability({ status }: ApiService): string {
  const found = status.conditions?.find(({ type }) => type === 'Available')
  if (!found) return 'Unknown'
  return found.status === 'True' ? 'True' : `${found.status} (${found.reason})`
}
