import type { KubernetesObject } from '../api/object.ts'
import { defineKind } from './kind.ts'

/** Asks whether one may do something. Answered at once and never stored. */
export const selfSubjectAccessReview = defineKind<KubernetesObject>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  singular: 'selfsubjectaccessreview',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  verbs: ['create'],
  columns: [],
})
