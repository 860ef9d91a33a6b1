import type { KubernetesObject } from '../api/object.ts'
import { defineKind } from './kind.ts'

/** Asks what someone may do in a namespace. Answered at once and never stored. */
export const localSubjectAccessReview = defineKind<KubernetesObject>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'LocalSubjectAccessReview',
  plural: 'localsubjectaccessreviews',
  singular: 'localsubjectaccessreview',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  verbs: ['create'],
  columns: [],
})
