import { type Certificate, verifyChain } from '../../../machine/certificate.ts'
import type { Random } from '../../../random.ts'

const minute = 60_000
const day = 86_400_000

/** How long a proxy's certificate is good: milliseconds. */
export const lifetime = day

/** What a proxy shows in a handshake, and whom it believes. */
export interface WorkloadIdentity {
  readonly chain: readonly Certificate[]
  readonly roots: readonly Certificate[]
}

/** A certificate that vouches for itself, for ten years. */
export function selfSigned(random: Random, subject: string, now: number): Certificate {
  const key = random.hex(32)
  const names: string[] = []
  return { subject, issuer: subject, names, notBefore: now, notAfter: now + 3650 * day, key, signedBy: key }
}

/** Signs the certificates of a mesh. */
export class MeshAuthority {
  readonly root: Certificate
  readonly #random: Random

  constructor(random: Random, root: Certificate) {
    this.#random = random
    this.root = root
  }

  /** A certificate for an identity, good for a day. */
  issue(identity: string, now: number): Certificate {
    return {
      subject: '',
      issuer: this.root.subject,
      names: [identity],
      notBefore: now - 2 * minute,
      notAfter: now + lifetime,
      key: this.#random.hex(32),
      signedBy: this.root.key,
    }
  }
}

/** Who the other side is, when its certificates are of the mesh; undefined when nobody vouches for it. */
export function peerIdentity(
  shown: readonly Certificate[],
  { roots }: WorkloadIdentity,
  now: number,
): string | undefined {
  return verifyChain(shown, roots, now) === undefined ? shown[0]?.names[0] : undefined
}
