import type { Certificate } from './certificate.ts'

/** The authority that machines and images with curl trust from the start. */
// Simplified: one authority of the lab's own stands for the hundred and more of a real ca-certificates.crt.
export const publicAuthority: Certificate = {
  subject: 'C=KR, O=Simulated Trust Services, CN=Simulated Root R1',
  issuer: 'C=KR, O=Simulated Trust Services, CN=Simulated Root R1',
  names: [],
  notBefore: Date.UTC(2020, 0, 1),
  notAfter: Date.UTC(2045, 0, 1),
  key: 'simulated-root-r1',
  signedBy: 'simulated-root-r1',
}

/** A certificate for a server on the internet, good for ninety days of which thirty have passed. */
export function publicCertificate(names: readonly string[], now: number): Certificate {
  const day = 86_400_000
  return {
    subject: `CN=${names[0]}`,
    issuer: publicAuthority.subject,
    names,
    notBefore: now - 30 * day,
    notAfter: now + 60 * day,
    key: `public ${names[0]}`,
    signedBy: publicAuthority.key,
  }
}
