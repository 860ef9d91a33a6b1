import type { CertificateSigningRequestSpec, CertificateSigningRequestStatus } from 'kubernetes-types/certificates/v1'
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
  columns: [nameColumn, ageColumn],
})
