import type { KubernetesObject } from '../api/object.ts'
import { defineKind } from './kind.ts'

/** Asks for everything that one may do in a namespace. Answered at once and never stored. */
export const selfSubjectRulesReview = defineKind<KubernetesObject>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  singular: 'selfsubjectrulesreview',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  verbs: ['create'],
  columns: [],
})
