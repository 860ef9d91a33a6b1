import { ApiError } from '../../api/error.ts'
import { type CertificateSigningRequest, certificateSigningRequest } from '../../kinds/certificateSigningRequest.ts'
import { identityOf } from '../authorization.ts'
import { type Admission, nameOf } from './admission.ts'

const clientSigner = 'kubernetes.io/kube-apiserver-client'

/** Writes down who asks for a certificate, and refuses those that would make somebody almighty. */
export const certificateRequester: Admission = {
  name: 'CertificateSubjectRestriction',
  on: ['create'],
  handles: kind => kind === certificateSigningRequest,
  admit({ object, writer }) {
    const { spec } = object as CertificateSigningRequest
    const { name, groups } = identityOf(writer.user)
    spec.username = name
    spec.groups = [...groups]
  },
  check({ object, kind }) {
    const { spec } = object as CertificateSigningRequest
    if (spec.signerName !== clientSigner || !holds(spec.request, 'system:masters')) return
    const why = `use of ${clientSigner} signer with system:masters group is not allowed`
    throw ApiError.forbidden(kind, nameOf(object), why)
  },
}

/** Names stand in a request as they are. */
function holds(request: string, name: string): boolean {
  try {
    const pem = atob(request)
    return atob(pem.replace(/-----[^-]+-----|\s/g, '')).includes(name)
  } catch {
    return false
  }
}
