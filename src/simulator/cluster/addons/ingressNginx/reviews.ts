import { textOf } from '../../../machine/bytes.ts'
import { decodeCertificates } from '../../../machine/certificate.ts'
import { type HttpAnswer, type HttpRequest, serveHttp } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import type { Ingress } from '../../kinds/ingress.ts'

/** Answers the API server's questions whether Ingresses may be written; gives what is wrong with the certificate. */
export function serveReviews(
  process: Process,
  { address, certificate }: { readonly address: string; readonly certificate: string },
  judge: (object: Ingress) => string | undefined,
): string | undefined {
  const { files } = process
  if (!files.exists(certificate)) return `open ${certificate}: no such file or directory`
  serveHttp(process, Number(address.split(':').at(-1)), request => review(request, judge), {
    isDualStack: true,
    tls: { certificates: () => decodeCertificates(files.readText(certificate)), applicationProtocols: ['http/1.1'] },
  })
  return undefined
}

function review({ body }: HttpRequest, judge: (object: Ingress) => string | undefined): HttpAnswer {
  const { request } = JSON.parse(textOf(body)) as {
    request: { uid: string; operation: string; object: Ingress | null }
  }
  const { uid, object, operation } = request
  const refusal = object && operation !== 'DELETE' ? judge(object) : undefined
  const status = { status: 'Failure', message: refusal, reason: 'BadRequest', code: 400 }
  const response = { uid, allowed: refusal === undefined, ...(refusal !== undefined && { status }) }
  const answer = { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response }
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(answer) }
}
