import type { StorageClass } from 'kubernetes-types/storage/v1'
import type { KubernetesObject } from '../../cluster/api/object.ts'
import { defineDescriber } from './describer.ts'
import { formatLabels, yesNoUnset } from './description.ts'

export const storageClass = defineDescriber<StorageClass & KubernetesObject>({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  async describe(storage, view) {
    const { metadata } = storage
    const { text } = view
    text.field('Name', metadata.name)
    const isDefault = metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
    text.field('IsDefaultClass', isDefault ? 'Yes' : 'No')
    text.field('Annotations', formatLabels(metadata.annotations))
    text.field('Provisioner', storage.provisioner)
    text.field('Parameters', formatLabels(storage.parameters))
    text.field('AllowVolumeExpansion', yesNoUnset(storage.allowVolumeExpansion))
    const options = storage.mountOptions ?? []
    if (options.length === 0) text.field('MountOptions', '<none>')
    else text.heading('MountOptions')
    for (const option of options) text.line(option, 1)
    if (storage.reclaimPolicy) text.field('ReclaimPolicy', storage.reclaimPolicy)
    if (storage.volumeBindingMode) text.field('VolumeBindingMode', storage.volumeBindingMode)
    await view.events(storage)
  },
})
