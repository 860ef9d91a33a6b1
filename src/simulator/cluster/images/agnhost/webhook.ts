import { bytesOf, textOf } from '../../../machine/bytes.ts'
import { type Certificate, decodeCertificates } from '../../../machine/certificate.ts'
import type { HttpAnswer } from '../../../machine/httpServer.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { readFlags, type Subcommand } from './subcommand.ts'

/** Decides about objects as an admission webhook: refuses some, changes others. */
export const webhook: Subcommand = {
  name: 'webhook',
  summary: 'Starts an HTTP server, useful for testing MutatingAdmissionWebhook and ValidatingAdmissionWebhook',
  async run(process, words) {
    const { flags } = readFlags(
      words.filter(word => !/^-v/.test(word)),
      {
        port: '443',
        'sidecar-image': '',
        'tls-cert-file': '',
        'tls-private-key-file': '',
      },
    )
    const certificates = certificatesIn(process, flags['tls-cert-file'])
    const tls = { certificates: () => certificates }
    serveHttp(process, Number(flags.port), request => answer(process, request, flags['sidecar-image']), {
      isDualStack: true,
      tls,
    })
    await untilAsked(process)
    return 0
  },
}

// Simplified: certificates that were not made in the lab cannot be read; the server then shows one of its own.
function certificatesIn(process: Process, path: string): readonly Certificate[] {
  const own: Certificate = {
    subject: 'CN=webhook',
    issuer: 'CN=webhook',
    names: ['webhook'],
    notBefore: 0,
    notAfter: Date.UTC(2084, 0, 29, 16),
    key: 'webhook',
    signedBy: 'webhook',
  }
  try {
    const found = decodeCertificates(process.files.readText(path))
    return found.length > 0 ? found : [own]
  } catch {
    return [own]
  }
}

interface Reviewed {
  readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> }
  readonly container?: string
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: {
    readonly containers?: readonly { readonly name: string }[]
    readonly initContainers?: readonly unknown[]
  }
}

interface Request {
  readonly uid: string
  readonly name?: string
  readonly operation: string
  readonly object: Reviewed | null
  readonly oldObject: Reviewed | null
}

/** What a webhook thinks of a request: why it refuses it, or what it changes. */
interface Verdict {
  readonly refusal?: string
  readonly patch?: readonly { readonly op: 'add'; readonly path: string; readonly value: unknown }[]
}

const allowed: Verdict = {}

async function answer(
  process: Process,
  { target, body }: { readonly target: string; readonly body: Uint8Array },
  sidecarImage: string,
): Promise<HttpAnswer> {
  const path = target.split('?')[0]!
  if (path === '/readyz') return { status: 200, body: 'ok' }
  const verdict = verdicts[path]
  if (!verdict) return { status: 404, body: bytesOf('404 page not found\n') }
  const { apiVersion, request } = JSON.parse(textOf(body)) as { apiVersion: string; request: Request }
  if (path === '/always-allow-delay-5s') await process.sleep(5000)
  if (request.object?.metadata?.labels?.['webhook-e2e-test'] === 'wait-forever') await process.sleep(3_600_000)
  const { refusal, patch } = verdict(request, sidecarImage)
  const response = {
    uid: request.uid,
    allowed: refusal === undefined,
    ...(refusal !== undefined && { status: { metadata: {}, message: refusal } }),
    ...(patch && { patch: btoa(JSON.stringify(patch)), patchType: 'JSONPatch' }),
  }
  const review = { kind: 'AdmissionReview', apiVersion, response }
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(review) }
}

const unwanted = 'webhook-disallow'

function refuseData(what: string) {
  return ({ operation, object, oldObject }: Request): Verdict => {
    const isDeletion = operation === 'DELETE'
    const data = (isDeletion ? oldObject : object)?.data ?? {}
    if (data['webhook-e2e-test'] !== unwanted && !(isDeletion && data['webhook-e2e-test'] === 'webhook-nondeletable'))
      return allowed
    return {
      refusal: isDeletion
        ? `the ${what} cannot be deleted because it contains unwanted key and value`
        : `the ${what} contains unwanted ${what === 'configmap' ? 'key and value' : 'data'}`,
    }
  }
}

function addStages({ object }: Request): Verdict {
  const { data = {} } = object ?? {}
  const patch = (
    [
      ['mutation-start', 'mutation-stage-1'],
      ['mutation-stage-1', 'mutation-stage-2'],
    ] as const
  )
    .filter(([before]) => data[before] === 'yes')
    .map(([, stage]) => ({ op: 'add' as const, path: `/data/${stage}`, value: 'yes' }))
  return patch.length > 0 ? { patch } : allowed
}

function refusePod({ object }: Request): Verdict {
  const reasons: string[] = []
  if (object?.metadata?.labels?.['webhook-e2e-test'] === unwanted) reasons.push('the pod contains unwanted label; ')
  if (object?.spec?.containers?.some(({ name }) => name.includes(unwanted)))
    reasons.push('the pod contains unwanted container name; ')
  return reasons.length > 0 ? { refusal: reasons.join('').trim() } : allowed
}

const verdicts: Readonly<Record<string, (request: Request, sidecarImage: string) => Verdict>> = {
  '/always-allow-delay-5s': () => allowed,
  '/always-deny': () => ({ refusal: 'this webhook denies all requests' }),
  '/add-label'({ object }) {
    const labels = object?.metadata?.labels
    if (labels?.['added-label']) return allowed
    const isFirst = !labels || Object.keys(labels).length === 0
    const value = isFirst ? { 'added-label': 'yes' } : 'yes'
    return { patch: [{ op: 'add', path: isFirst ? '/metadata/labels' : '/metadata/labels/added-label', value }] }
  },
  '/pods': refusePod,
  '/pods/attach': ({ name, object }) =>
    name === 'to-be-attached-pod' && object?.container === 'container1'
      ? { refusal: "attaching to pod 'to-be-attached-pod' is not allowed" }
      : allowed,
  '/mutating-pods'({ object }) {
    if (object?.metadata?.name !== 'webhook-to-be-mutated') return allowed
    const value = [{ image: 'webhook-added-image', name: 'webhook-added-init-container', resources: {} }]
    return { patch: [{ op: 'add', path: '/spec/initContainers', value }] }
  },
  '/mutating-pods-sidecar'({ object }, sidecarImage) {
    if (sidecarImage === '') return { refusal: 'No image specified by the sidecar-image parameter' }
    if (object?.spec?.containers?.some(({ name }) => name === 'webhook-added-sidecar')) return allowed
    const value = { image: sidecarImage, name: 'webhook-added-sidecar', resources: {} }
    return { patch: [{ op: 'add', path: '/spec/containers/-', value }] }
  },
  '/configmaps': refuseData('configmap'),
  '/mutating-configmaps': addStages,
  '/custom-resource': refuseData('custom resource'),
  '/mutating-custom-resource': addStages,
  '/crd': ({ object }) =>
    object?.metadata?.labels?.['webhook-e2e-test'] === unwanted
      ? { refusal: 'the crd contains unwanted label' }
      : allowed,
}
