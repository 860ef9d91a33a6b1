// Its dependency injection asks for this to come first.
import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A certificate with its private key, both in PEM. */
export interface Credential {
  readonly certificate: string
  readonly key: string
}

const day = 86_400_000
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A certificate authority that lives as long as the server: real clients trust it because their kubeconfig says so. */
export class Authority {
  readonly certificate: string
  readonly #root: x509.X509Certificate
  readonly #keys: CryptoKeyPair

  private constructor(root: x509.X509Certificate, keys: CryptoKeyPair) {
    this.#root = root
    this.#keys = keys
    this.certificate = root.toString('pem')
  }

  static async create(): Promise<Authority> {
    x509.cryptoProvider.set(webcrypto as Crypto)
    const keys = await newKeys()
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: newSerial(),
      name: 'CN=kubernetes',
      ...validity(),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      ],
    })
    return new Authority(root, keys)
  }

  /** A certificate for a server that is reached by these names and addresses. */
  server(names: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[]): Promise<Credential> {
    return this.#issue('CN=kube-apiserver', x509.ExtendedKeyUsage.serverAuth, [
      new x509.SubjectAlternativeNameExtension([...names]),
    ])
  }

  /** A certificate that says who a client is: `O=` are groups, `CN=` the user. */
  client(subject: string): Promise<Credential> {
    return this.#issue(subject, x509.ExtendedKeyUsage.clientAuth, [])
  }

  async #issue(subject: string, usage: string, extensions: readonly x509.Extension[]): Promise<Credential> {
    const keys = await newKeys()
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: newSerial(),
      subject,
      issuer: this.#root.subject,
      ...validity(),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        ...extensions,
      ],
    })
    const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
    return { certificate: certificate.toString('pem'), key }
  }
}

function newKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>
}

function newSerial(): string {
  return `01${randomBytes(8).toString('hex')}`
}

function validity() {
  const now = Date.now()
  return { notBefore: new Date(now - day), notAfter: new Date(now + 365 * day) }
}
