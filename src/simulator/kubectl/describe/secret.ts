import type { Secret } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../../cluster/api/object.ts'
import { byteLength } from '../../machine/bytes.ts'
import { fromBase64 } from '../objects/bytes.ts'
import { defineDescriber } from './describer.ts'

export const secret = defineDescriber<Secret & KubernetesObject>({
  group: '',
  kind: 'Secret',
  describe({ metadata, type, data = {} }, { text }) {
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.line(`\nType:\t${type}`)
    text.write('\nData\n====\n')
    for (const key of Object.keys(data).sort()) {
      const value = fromBase64(String(data[key]))
      const isToken = key === 'token' && type === 'kubernetes.io/service-account-token'
      text.field(key, isToken ? value : `${byteLength(value)} bytes`)
    }
  },
})
