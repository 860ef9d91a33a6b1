import type { KubernetesObject } from '../api/object.ts'
import { defineKind } from './kind.ts'

/** Asks whether someone may do something. Answered at once and never stored. */
export const subjectAccessReview = defineKind<KubernetesObject>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  singular: 'subjectaccessreview',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  verbs: ['create'],
  columns: [],
})
