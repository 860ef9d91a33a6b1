import {
  type Certificate,
  decodeCertificates,
  encodeCertificate,
  encodePrivateKey,
} from '../../../machine/certificate.ts'
import type { Process } from '../../../machine/program.ts'
import type { Client } from '../../client.ts'
import { mutatingWebhookConfiguration } from '../../kinds/mutatingWebhookConfiguration.ts'
import { secret } from '../../kinds/secret.ts'
import { MeshAuthority, selfSigned } from './identity.ts'

/** In which Secret the certificate of a mesh lies, and under which keys. */
export interface AuthorityPlace {
  readonly name: string
  readonly namespace: string
  readonly type: string
  readonly certificate: string
  readonly key: string
  readonly subject: string
}

/** The authority of a mesh: its certificate outlives the control plane in a Secret. */
export function findAuthority(process: Process, client: Client, place: AuthorityPlace): MeshAuthority {
  const { kernel, machine } = process
  const random = kernel.random.fork(`authority ${machine.name}`)
  const { name, namespace, type } = place
  const known = client.get(secret, name, namespace)?.data?.[place.certificate]
  const root = known === undefined ? undefined : decodeCertificates(atob(known))[0]
  if (root) return new MeshAuthority(random, root)
  const fresh = selfSigned(random, place.subject, machine.now())
  client.create(secret, {
    metadata: { name, namespace },
    type,
    data: {
      [place.certificate]: btoa(encodeCertificate(fresh)),
      [place.key]: btoa(encodePrivateKey(fresh.key)),
    },
  })
  return new MeshAuthority(random, fresh)
}

/** Lets the API server know by which certificate it can trust a webhook's server. */
export function publishTrust(client: Client, configuration: string, root: Certificate): void {
  const found = client.get(mutatingWebhookConfiguration, configuration)
  const caBundle = btoa(encodeCertificate(root))
  if (!found || found.webhooks?.every(each => each.clientConfig.caBundle === caBundle)) return
  client.update(mutatingWebhookConfiguration, {
    ...found,
    webhooks: found.webhooks!.map(each => ({ ...each, clientConfig: { ...each.clientConfig, caBundle } })),
  })
}
