import type { KubernetesObject } from '../api/object.ts'
import { defineKind } from './kind.ts'

/** Asks whom a token speaks for. Answered at once and never stored. */
export const tokenReview = defineKind<KubernetesObject>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  singular: 'tokenreview',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  verbs: ['create'],
  columns: [],
})
