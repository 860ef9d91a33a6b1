import { encodeCertificate, encodePrivateKey } from '../../../machine/certificate.ts'
import type { Process } from '../../../machine/program.ts'
import { toBase64 } from '../../api/base64.ts'
import type { Client } from '../../client.ts'
import { secret } from '../../kinds/secret.ts'

const year = 31_536_000_000

/** What the Job does: certificates for the control plane and for the agents, from one authority. */
export async function generateCertificates(process: Process, client: Client, namespace: string): Promise<number> {
  const random = process.kernel.random.fork(`gateway certificates ${process.machine.name}`)
  const notBefore = process.machine.now()
  const notAfter = notBefore + 3 * year
  const issuer = 'CN=nginx-gateway'
  const caKey = random.hex(32)
  const authority = { subject: issuer, issuer, names: [], notBefore, notAfter, key: caKey, signedBy: caKey }
  const secrets = [
    ['server-tls', `nginx-gateway.${namespace}.svc`],
    ['agent-tls', '*.cluster.local'],
  ] as const
  for (const [name, host] of secrets) {
    const key = random.hex(32)
    const leaf = { subject: `CN=${host}`, issuer, names: [host], notBefore, notAfter, key, signedBy: caKey }
    const data = {
      'ca.crt': toBase64(encodeCertificate(authority)),
      'tls.crt': toBase64(encodeCertificate(leaf)),
      'tls.key': toBase64(encodePrivateKey(key)),
    }
    if (!client.get(secret, name, namespace))
      client.create(secret, { metadata: { name, namespace }, type: 'kubernetes.io/tls', data })
  }
  return 0
}
