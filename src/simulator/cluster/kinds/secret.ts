import type { Secret as SecretFields } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Settings that are not for every eye. */
export type Secret = KubernetesObject & Omit<SecretFields, keyof KubernetesObject>

export const secret = defineKind<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [nameColumn, ageColumn],
})
