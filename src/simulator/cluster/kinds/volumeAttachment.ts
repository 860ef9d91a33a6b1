import type { VolumeAttachmentSpec, VolumeAttachmentStatus } from 'kubernetes-types/storage/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A volume that should be attached to a node. */
export interface VolumeAttachment extends KubernetesObject {
  spec: VolumeAttachmentSpec
  status: VolumeAttachmentStatus
}

export const volumeAttachment = defineKind<VolumeAttachment>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  singular: 'volumeattachment',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  columns: [nameColumn, ageColumn],
})
