import type { Process } from '../../machine/program.ts'
import type { Client } from '../client.ts'
import { lease } from '../kinds/lease.ts'

/** Who may lead, and by which Lease that is settled. */
export interface Candidate {
  readonly client: Client
  readonly namespace: string
  readonly name: string
  readonly identity: string
  /** Milliseconds. */
  readonly duration: number
  readonly retry: number
  /** Called once when the candidate leads. */
  onLeading(): void
}

/** Tries to lead, and goes on leading, until the process ends. */
export async function campaign(process: Process, candidate: Candidate): Promise<void> {
  let isLeading = false
  let seen: { readonly renewTime: string; readonly at: number } | undefined
  for (;;) {
    const { client, namespace, name, identity } = candidate
    const found = client.get(lease, name, namespace)
    const renewTime = String(found?.spec.renewTime ?? '')
    if (seen?.renewTime !== renewTime) seen = { renewTime, at: process.machine.now() }
    const isFree = !found?.spec.holderIdentity || seen.at + candidate.duration <= process.machine.now()
    const isMine = found?.spec.holderIdentity === identity
    if (isFree || isMine || !found) {
      take(process, candidate, isMine)
      if (!isLeading) candidate.onLeading()
      isLeading = true
    }
    await process.sleep(candidate.retry)
  }
}

function take(process: Process, { client, namespace, name, identity, duration }: Candidate, isMine: boolean): void {
  const now = new Date(process.machine.now()).toISOString().replace('Z', '000Z')
  const found = client.get(lease, name, namespace)
  const spec = {
    ...found?.spec,
    holderIdentity: identity,
    leaseDurationSeconds: duration / 1000,
    acquireTime: isMine ? found!.spec.acquireTime! : now,
    renewTime: now,
    leaseTransitions: found ? (found.spec.leaseTransitions ?? 0) + (isMine ? 0 : 1) : 0,
  }
  try {
    if (found) client.update(lease, { ...found, spec })
    else client.create(lease, { metadata: { name, namespace }, spec })
  } catch (error) {
    if (!client.isRefusal(error)) throw error
  }
}
