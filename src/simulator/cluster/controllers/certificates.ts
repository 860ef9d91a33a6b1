import { type CertificateSigningRequest, certificateSigningRequest } from '../kinds/certificateSigningRequest.ts'
import { type Control, defineController, watch } from './controller.ts'

type Condition = NonNullable<CertificateSigningRequest['status']['conditions']>[number]

const clientSigner = 'kubernetes.io/kube-apiserver-client'
const kubeletClientSigner = 'kubernetes.io/kube-apiserver-client-kubelet'
const servingSigner = 'kubernetes.io/kubelet-serving'
const legacySigner = 'kubernetes.io/legacy-unknown'

/** What a certificate of each signer may be used for: kubernetes/pkg/apis/certificates/helpers.go. */
const usages: Readonly<Record<string, { readonly required: readonly string[]; readonly allowed: readonly string[] }>> =
  {
    [clientSigner]: {
      required: ['client auth'],
      allowed: ['client auth', 'digital signature', 'key encipherment'],
    },
    [kubeletClientSigner]: {
      required: ['client auth', 'digital signature'],
      allowed: ['client auth', 'digital signature', 'key encipherment'],
    },
    [servingSigner]: {
      required: ['server auth', 'digital signature'],
      allowed: ['server auth', 'digital signature', 'key encipherment'],
    },
  }

// --cluster-signing-duration, and the least that anybody may ask for.
const longest = 31_536_000_000
const shortest = 600_000
// How long requests are kept, from the creation or the last change on.
const keptDecided = 3_600_000
const keptPending = 86_400_000

/** Approves what kubelets ask for themselves. */
export const certificateApprover = defineController({
  name: 'certificate-controller',
  component: 'csrapproving',
  watches: [watch(certificateSigningRequest)],
  reconcile(key, control) {
    const found = control.client.get(certificateSigningRequest, key)
    if (!found || isDecided(found) || found.status?.certificate) return
    const { signerName, username = '', groups = [] } = found.spec
    if (signerName !== kubeletClientSigner) return
    const isNode = username.startsWith('system:node:') && groups.includes('system:nodes')
    if (!isNode && !groups.includes('system:bootstrappers:kubeadm:default-node-token')) return
    const message = `Auto approving ${isNode ? 'self kubelet client' : 'kubelet client'} certificate after SubjectAccessReview.`
    setCondition(found, 'Approved', 'AutoApproved', message, control)
  },
})

/** Gives those that were approved their certificate. */
export const certificateSigner = defineController({
  name: 'certificate-signer',
  component: 'csrsigning',
  watches: [watch(certificateSigningRequest)],
  reconcile(key, control) {
    const found = control.client.get(certificateSigningRequest, key)
    if (!found || !has(found, 'Approved') || has(found, 'Denied') || has(found, 'Failed')) return
    const { request, signerName, usages: wanted = [], expirationSeconds } = found.spec
    const rule = usages[signerName]
    if (found.status?.certificate || (!rule && signerName !== legacySigner)) return
    const problem = rule && usageProblem(wanted, rule)
    if (problem) {
      setCondition(found, 'Failed', 'SignerValidationFailure', problem, control)
      return
    }
    const duration = Math.min(longest, Math.max(shortest, (expirationSeconds ?? longest / 1000) * 1000))
    const certificate = control.plane.sign?.(atob(request), duration)
    if (certificate === undefined) {
      const message = 'unable to parse csr: PEM block type must be CERTIFICATE REQUEST'
      setCondition(found, 'Failed', 'SigningError', message, control)
    } else
      control.client.updateStatus(certificateSigningRequest, {
        ...found,
        status: { ...found.status, certificate: btoa(certificate) },
      })
  },
})

/** Takes requests away that nobody needs any more. */
export const certificateCleaner = defineController({
  name: 'certificate-cleaner',
  component: 'csrcleaner',
  watches: [watch(certificateSigningRequest)],
  reconcile(key, control) {
    const found = control.client.get(certificateSigningRequest, key)
    if (!found) return
    const changed = (found.status?.conditions ?? []).map(({ lastUpdateTime = '' }) => Date.parse(lastUpdateTime))
    const since = Math.max(Date.parse(found.metadata.creationTimestamp), ...changed.filter(time => !Number.isNaN(time)))
    const left = since + (isDecided(found) ? keptDecided : keptPending) - control.now
    if (left <= 0) control.client.delete(certificateSigningRequest, key)
    else control.enqueue(key, left)
  },
})

function usageProblem(
  wanted: readonly string[],
  { required, allowed }: { readonly required: readonly string[]; readonly allowed: readonly string[] },
): string | undefined {
  const isFine = required.every(usage => wanted.includes(usage)) && wanted.every(usage => allowed.includes(usage))
  return isFine ? undefined : 'invalid usages'
}

function has({ status }: CertificateSigningRequest, type: string): boolean {
  return status?.conditions?.some(condition => condition.type === type) ?? false
}

function isDecided(found: CertificateSigningRequest): boolean {
  return has(found, 'Approved') || has(found, 'Denied') || has(found, 'Failed')
}

function setCondition(
  found: CertificateSigningRequest,
  type: string,
  reason: string,
  message: string,
  { client, timestamp }: Control,
): void {
  const condition: Condition = {
    type,
    status: 'True',
    reason,
    message,
    lastUpdateTime: timestamp,
    lastTransitionTime: timestamp,
  } as Condition
  const conditions = [...(found.status?.conditions ?? []), condition]
  client.updateStatus(certificateSigningRequest, { ...found, status: { ...found.status, conditions } })
}
