import type { ControllerRevision as ControllerRevisionFields } from 'kubernetes-types/apps/v1'
import { requireNonNegative } from '../api/checks.ts'
import { isEqual } from '../api/equality.ts'
import { type FieldError, invalid } from '../api/fieldError.ts'
import { controllerOf, type KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** What a StatefulSet or DaemonSet looked like once. */
export type ControllerRevision = KubernetesObject & Omit<ControllerRevisionFields, keyof KubernetesObject>

export const controllerRevision = defineKind<ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  validate({ revision }) {
    const errors: FieldError[] = []
    requireNonNegative(revision, 'revision', errors)
    return errors
  },
  validateUpdate: ({ data }, previous) =>
    isEqual(data, previous.data) ? [] : [invalid('data', data, 'field is immutable')],
  columns: [
    nameColumn,
    { name: 'Controller', value: ownerOf },
    { name: 'Revision', value: ({ revision }) => revision },
    ageColumn,
  ],
})

/** `daemonset.apps/agent`. */
function ownerOf(revision: ControllerRevision): string {
  const owner = controllerOf(revision)
  if (!owner) return '<none>'
  const [group = '', version] = owner.apiVersion.split('/')
  const kind = owner.kind.toLowerCase()
  return version === undefined ? `${kind}/${owner.name}` : `${kind}.${group}/${owner.name}`
}
