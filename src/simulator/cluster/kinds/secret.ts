import type { Secret as SecretFields } from 'kubernetes-types/core/v1'
import { toBase64 } from '../api/base64.ts'
import { isEqual } from '../api/equality.ts'
import { type FieldError, forbidden, invalid, required, tooLong } from '../api/fieldError.ts'
import { checkConfigMapKey } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Settings that are not for every eye. */
export type Secret = KubernetesObject & Omit<SecretFields, keyof KubernetesObject>

const most = 1024 * 1024
const neededKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
}

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
  fieldLabels: ['type'],
  defaults(secret) {
    secret.type ||= 'Opaque'
    if (secret.stringData) {
      secret.data = { ...secret.data }
      for (const [key, text] of Object.entries(secret.stringData)) secret.data[key] = toBase64(text)
      delete secret.stringData
    }
  },
  validate({ metadata, type, data = {} }) {
    const errors: FieldError[] = []
    let size = 0
    for (const key of Object.keys(data).sort()) {
      for (const text of checkConfigMapKey(key)) errors.push(invalid(`data[${key}]`, key, text))
      size += Math.floor((data[key]!.length * 3) / 4)
    }
    if (size > most) errors.push(tooLong('data', most))
    if (type === 'kubernetes.io/service-account-token') {
      const path = 'metadata.annotations[kubernetes.io/service-account.name]'
      if (!metadata.annotations?.['kubernetes.io/service-account.name']) errors.push(required(path))
    }
    for (const key of neededKeys[type ?? ''] ?? []) if (!(key in data)) errors.push(required(`data[${key}]`))
    if (type === 'kubernetes.io/basic-auth' && !('username' in data) && !('password' in data)) {
      errors.push(required('data[username]'), required('data[password]'))
    }
    return errors
  },
  validateUpdate(secret, previous) {
    const errors: FieldError[] = []
    if (secret.type !== previous.type) errors.push(invalid('type', secret.type, 'field is immutable'))
    if (!previous.immutable) return errors
    const text = 'field is immutable when `immutable` is set'
    if (!secret.immutable) errors.push(forbidden('immutable', text))
    if (!isEqual(secret.data, previous.data)) errors.push(forbidden('data', text))
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Type', value: ({ type }) => type ?? '' },
    { name: 'Data', value: ({ data }) => Object.keys(data ?? {}).length },
    ageColumn,
  ],
})
