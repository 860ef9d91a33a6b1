import { bytesOf } from '../../machine/bytes.ts'
import { type Certificate, encodeCertificate, encodePrivateKey } from '../../machine/certificate.ts'
import { decodeCertificateRequest } from '../../machine/certificateRequest.ts'
import type { Random } from '../../random.ts'

const year = 31_536_000_000
// Clocks differ: a certificate is good from five minutes ago.
const skew = 300_000
export const apiServerPort = 6443

/** The certificates of a cluster, as kubeadm makes them. */
export class Pki {
  readonly root: Certificate
  readonly apiServer: Certificate
  readonly #random: Random
  readonly #since: number
  readonly #address: string

  /** `address` is where the API server answers, `since` milliseconds since 1970. */
  constructor(random: Random, since: number, address: string) {
    this.#random = random
    this.#address = address
    this.#since = since
    const key = random.hex(32)
    this.root = {
      subject: 'CN=kubernetes',
      issuer: 'CN=kubernetes',
      names: ['kubernetes'],
      notBefore: since,
      notAfter: since + 10 * year,
      key,
      signedBy: key,
    }
    this.apiServer = this.issue('CN=kube-apiserver', [
      'control-plane',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
      '10.96.0.1',
      address,
    ])
  }

  get rootPem(): string {
    return encodeCertificate(this.root)
  }

  /** A certificate that the cluster's authority signs. */
  issue(subject: string, names: readonly string[] = []): Certificate {
    return {
      subject,
      issuer: this.root.subject,
      names,
      notBefore: this.#since,
      notAfter: this.#since + year,
      key: this.#random.hex(32),
      signedBy: this.root.key,
    }
  }

  /** Signs what a request for a certificate asks for, from now on; undefined when it cannot be read. */
  sign(request: string, now: number, duration = year): string | undefined {
    const wanted = decodeCertificateRequest(request)
    if (!wanted) return undefined
    const { subject, names, key } = wanted
    const notAfter = Math.min(now + duration, this.root.notAfter)
    const { subject: issuer, key: signedBy } = this.root
    return encodeCertificate({ subject, issuer, names, notBefore: now - skew, notAfter, key, signedBy })
  }

  /** A kubeconfig for somebody whom a certificate names. */
  kubeconfig(user: string, subject: string): string {
    const certificate = this.issue(subject)
    const context = `${user}@kubernetes`
    return [
      'apiVersion: v1',
      'clusters:',
      '- cluster:',
      `    certificate-authority-data: ${base64(this.rootPem)}`,
      `    server: https://${this.#address}:${apiServerPort}`,
      '  name: kubernetes',
      'contexts:',
      '- context:',
      '    cluster: kubernetes',
      `    user: ${user}`,
      `  name: ${context}`,
      `current-context: ${context}`,
      'kind: Config',
      'users:',
      `- name: ${user}`,
      '  user:',
      `    client-certificate-data: ${base64(encodeCertificate(certificate))}`,
      `    client-key-data: ${base64(encodePrivateKey(certificate.key))}`,
      '',
    ].join('\n')
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...bytesOf(text)))
}
