import type { ControllerRevision as ControllerRevisionFields } from 'kubernetes-types/apps/v1'
import type { KubernetesObject } from '../api/object.ts'
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
  columns: [nameColumn, ageColumn],
})
