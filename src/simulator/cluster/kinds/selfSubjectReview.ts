import type { KubernetesObject } from '../api/object.ts'
import { defineKind } from './kind.ts'

/** Asks who one is. Answered at once and never stored. */
export const selfSubjectReview = defineKind<KubernetesObject>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  singular: 'selfsubjectreview',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  verbs: ['create'],
  columns: [],
})
