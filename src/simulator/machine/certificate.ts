/** What a certificate says. */
export interface Certificate {
  /** `CN=kube-apiserver` or `O=system:masters, CN=kubernetes-admin`. */
  readonly subject: string
  readonly issuer: string
  /** Subject alternative names: host names (`*.example.com`) and addresses. */
  readonly names: readonly string[]
  /** Milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
  /** Identifies the key pair that the certificate speaks for. */
  readonly key: string
  /** Identifies the key pair that signed it: the same as `key` when it signed itself. */
  readonly signedBy: string
}

// Simplified: a PEM block holds the certificate's facts as JSON, not as ASN.1, and a signature is a name.

/** A certificate as a PEM file holds it. */
export function encodeCertificate(certificate: Certificate): string {
  return encodePem('CERTIFICATE', JSON.stringify(certificate))
}

/** The key that belongs to a certificate, as a PEM file holds it. */
export function encodePrivateKey(key: string): string {
  return encodePem('PRIVATE KEY', key)
}

/** All certificates of a PEM file, in order. Blocks that hold something else are passed over. */
export function decodeCertificates(pem: string): Certificate[] {
  return decodePem('CERTIFICATE', pem).flatMap(bytes => {
    try {
      return [JSON.parse(new TextDecoder().decode(bytes)) as Certificate]
    } catch {
      return []
    }
  })
}

/** What OpenSSL finds wrong with a chain, the peer's own certificate first; undefined when it can be trusted. */
export function verifyChain(
  chain: readonly Certificate[],
  roots: readonly Certificate[],
  now: number,
): string | undefined {
  const leaf = chain[0]
  if (!leaf) return 'unable to get local issuer certificate'
  const seen: Certificate[] = []
  for (let each = leaf; ; ) {
    seen.push(each)
    const current = each
    if (roots.some(root => root.key === current.key && root.subject === current.subject)) break
    const issuer = [...roots, ...chain].find(other => other.key === current.signedBy && !seen.includes(other))
    if (!issuer) {
      if (current.signedBy !== current.key) return 'unable to get local issuer certificate'
      return current === leaf ? 'self-signed certificate' : 'self-signed certificate in certificate chain'
    }
    each = issuer
  }
  for (const each of seen) {
    if (now < each.notBefore) return 'certificate is not yet valid'
    if (now > each.notAfter) return 'certificate has expired'
  }
  return undefined
}

/** The name of a certificate that speaks for a host; undefined when none does. */
export function matchingName(certificate: Certificate, host: string): string | undefined {
  const wanted = host.toLowerCase().replace(/\.$/, '')
  return certificate.names.find(name => {
    const pattern = name.toLowerCase()
    if (!pattern.startsWith('*.')) return pattern === wanted
    const dot = wanted.indexOf('.')
    return dot > 0 && wanted.slice(dot) === pattern.slice(1)
  })
}

/** Text or bytes as a block of a PEM file. */
export function encodePem(label: string, content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const base64 = btoa(String.fromCharCode(...bytes))
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`
}

/** What the blocks of a PEM file with a label hold; the label is a pattern. */
export function decodePem(label: string, pem: string): Uint8Array[] {
  const blocks = pem.matchAll(new RegExp(`-----BEGIN (?:[A-Z]+ )?${label}-----([^-]*)-----END`, 'g'))
  return [...blocks].flatMap(([, base64 = '']) => {
    try {
      return [Uint8Array.from(atob(base64.replace(/\s/g, '')), each => each.charCodeAt(0))]
    } catch {
      return []
    }
  })
}
