import type { ConfigMap } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../../cluster/api/object.ts'
import { byteLength } from '../../machine/bytes.ts'
import { fromBase64 } from '../objects/bytes.ts'
import { defineDescriber } from './describer.ts'

export const configMap = defineDescriber<ConfigMap & KubernetesObject>({
  group: '',
  kind: 'ConfigMap',
  async describe(configMap, view) {
    const { metadata, data = {}, binaryData = {} } = configMap
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.write('\nData\n====\n')
    for (const key of Object.keys(data).sort()) text.write(`${key}:\n----\n${data[key]}\n\n`)
    text.write('\nBinaryData\n====\n')
    for (const key of Object.keys(binaryData).sort()) {
      text.line(`${key}: ${byteLength(fromBase64(String(binaryData[key])))} bytes`)
    }
    text.line('')
    await view.events(configMap)
  },
})
