import { type Certificate, decodeCertificates, decodePem, matchingName } from '../../../machine/certificate.ts'
import type { Process } from '../../../machine/program.ts'
import { fromBase64 } from '../../api/base64.ts'
import type { Client } from '../../client.ts'
import type { Ingress } from '../../kinds/ingress.ts'
import { secret } from '../../kinds/secret.ts'
import type { ServerCertificate } from './model.ts'

const year = 31_536_000_000

/** What the controller shows where it has nothing better; made anew whenever it starts. */
export function fakeCertificate(process: Process): Certificate {
  const subject = 'O=Acme Co, CN=Kubernetes Ingress Controller Fake Certificate'
  const key = process.kernel.random.fork(`fake certificate of ${process.machine.name}`).hex(32)
  const notBefore = Math.floor(process.machine.now() / 1000) * 1000
  return {
    subject,
    issuer: subject,
    names: ['ingress.local'],
    notBefore,
    notAfter: notBefore + year,
    key,
    signedBy: key,
  }
}

/** Reads the certificate of a Secret, or says in the controller's words what is wrong with it. */
export function readCertificate(client: Client, namespace: string, name: string): readonly Certificate[] | string {
  const key = `${namespace}/${name}`
  const found = client.get(secret, name, namespace)
  if (!found) return `local SSL certificate ${key} was not found`
  const { 'tls.crt': certificate, 'tls.key': privateKey } = found.data ?? {}
  if (!certificate || !privateKey) return `local SSL certificate ${key} was not found`
  const chain = decodeCertificates(fromBase64(certificate))
  const [leaf] = chain
  if (!leaf) return `unexpected error creating SSL Cert: no valid PEM formatted block found`
  const [own] = decodePem('(?:RSA |EC )?PRIVATE KEY', fromBase64(privateKey))
  if (!own || new TextDecoder().decode(own) !== leaf.key)
    return `certificate and private key does not have a matching public key: tls: private key does not match public key`
  return chain
}

/** What the server of a host shows, by the `tls` of its Ingress; undefined when it does not speak of the host. */
export function certificateFor(
  client: Client,
  ingress: Ingress,
  host: string,
  usual: readonly Certificate[],
  warn: (place: string, text: string) => void,
): ServerCertificate | undefined {
  const namespace = ingress.metadata.namespace!
  const name = secretOf(client, ingress, host)
  if (name === undefined) return undefined
  const standIn = { chain: usual, secret: '' }
  if (name === '') {
    warn(
      'controller.go:1486',
      `Host "${host}" is listed in the TLS section but secretName is empty. Using default certificate`,
    )
    return standIn
  }
  const key = `${namespace}/${name}`
  const chain = readCertificate(client, namespace, name)
  if (typeof chain === 'string') {
    warn('controller.go:1499', `Error getting SSL certificate "${key}": ${chain}. Using default certificate`)
    return standIn
  }
  if (matchingName(chain[0]!, host.replace(/^\*\./, 'x.')) === undefined) {
    const names = chain[0]!.names.join(', ')
    warn(
      'controller.go:1517',
      `Unexpected error validating SSL certificate "${key}" for server "${host}": x509: certificate is valid for ${names}, not ${host}`,
    )
    warn('controller.go:1518', 'Validating certificate against DNS names. This will be deprecated in a future version')
    if (commonName(chain[0]!) !== host) {
      warn(
        'controller.go:1523',
        `SSL certificate "${key}" does not contain a Common Name or Subject Alternative Name for server "${host}": x509: certificate is valid for ${names}, not ${host}`,
      )
      warn('controller.go:1524', 'Using default certificate')
      return standIn
    }
  }
  return { chain, secret: key }
}

/** The Secret that the Ingress names for a host; empty when it names the host without a Secret. */
function secretOf(client: Client, { spec, metadata }: Ingress, host: string): string | undefined {
  for (const { hosts, secretName } of spec.tls ?? [])
    if (hosts?.some(each => each.toLowerCase() === host.toLowerCase())) return secretName ?? ''
  for (const { secretName } of spec.tls ?? []) {
    if (!secretName) continue
    const chain = readCertificate(client, metadata.namespace!, secretName)
    if (typeof chain !== 'string' && matchingName(chain[0]!, host) !== undefined) return secretName
  }
  return undefined
}

function commonName({ subject }: Certificate): string | undefined {
  return /(?:^|, *)CN *= *([^,]+)/.exec(subject)?.[1]
}
