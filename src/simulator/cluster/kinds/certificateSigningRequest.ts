import type { CertificateSigningRequestSpec, CertificateSigningRequestStatus } from 'kubernetes-types/certificates/v1'
import { formatAge } from '../api/age.ts'
import { type FieldError, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Asks for a certificate. */
export interface CertificateSigningRequest extends KubernetesObject {
  spec: CertificateSigningRequestSpec
  status: CertificateSigningRequestStatus
}

export const certificateSigningRequest = defineKind<CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  categories: [],
  namespaced: false,
  subresources: ['approval', 'status'],
  fieldLabels: ['spec.signerName'],
  validate({ spec }) {
    const errors: FieldError[] = []
    if (!spec.request) errors.push(required('spec.request'))
    if (!spec.usages?.length) errors.push(required('spec.usages'))
    if (!spec.signerName) errors.push(required('spec.signerName'))
    return errors
  },
  columns: [
    nameColumn,
    ageColumn,
    { name: 'SignerName', value: ({ spec }) => spec.signerName || '<none>' },
    { name: 'Requestor', value: ({ spec }) => spec.username ?? '' },
    {
      name: 'RequestedDuration',
      value: ({ spec }) => (spec.expirationSeconds === undefined ? '<none>' : formatAge(spec.expirationSeconds * 1000)),
    },
    { name: 'Condition', value: conditionOf },
  ],
})

function conditionOf({ status }: CertificateSigningRequest): string {
  const types = new Set((status.conditions ?? []).map(({ type }) => type))
  const words = [types.has('Denied') ? 'Denied' : types.has('Approved') ? 'Approved' : 'Pending']
  if (types.has('Failed')) words.push('Failed')
  if (status.certificate) words.push('Issued')
  return words.join(',')
}
