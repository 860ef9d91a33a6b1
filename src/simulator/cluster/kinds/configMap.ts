import type { ConfigMap as ConfigMapFields } from 'kubernetes-types/core/v1'
import { isEqual } from '../api/equality.ts'
import { type FieldError, forbidden, invalid, tooLong } from '../api/fieldError.ts'
import { checkConfigMapKey } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Settings that pods read as files or variables. */
export type ConfigMap = KubernetesObject & Omit<ConfigMapFields, keyof KubernetesObject>

const most = 1024 * 1024

export const configMap = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  categories: [],
  namespaced: true,
  subresources: [],
  validate({ data = {}, binaryData = {} }) {
    const errors: FieldError[] = []
    let size = 0
    for (const key of Object.keys(data).sort()) {
      for (const text of checkConfigMapKey(key)) errors.push(invalid(`data[${key}]`, key, text))
      if (key in binaryData) errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'))
      size += new TextEncoder().encode(data[key]!).length
    }
    for (const key of Object.keys(binaryData).sort()) {
      for (const text of checkConfigMapKey(key)) errors.push(invalid(`binaryData[${key}]`, key, text))
      size += Math.floor((binaryData[key]!.length * 3) / 4)
    }
    if (size > most) errors.push(tooLong('[]', most))
    return errors
  },
  validateUpdate(map, previous) {
    if (!previous.immutable) return []
    const text = 'field is immutable when `immutable` is set'
    const errors: FieldError[] = []
    if (!map.immutable) errors.push(forbidden('immutable', text))
    if (!isEqual(map.data, previous.data)) errors.push(forbidden('data', text))
    if (!isEqual(map.binaryData, previous.binaryData)) errors.push(forbidden('binaryData', text))
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Data', value: ({ data, binaryData }) => Object.keys({ ...data, ...binaryData }).length },
    ageColumn,
  ],
})
