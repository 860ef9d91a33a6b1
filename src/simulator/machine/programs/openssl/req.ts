import { encodeCertificate, encodePrivateKey } from '../../certificate.ts'
import { decodeCertificateRequest, encodeCertificateRequest } from '../../certificateRequest.ts'
import {
  alternativeNames,
  type Command,
  deliver,
  OpensslError,
  queued,
  readFile,
  readKey,
  readOptions,
  shownName,
  subjectOf,
  tellProgress,
} from './command.ts'

const day = 86_400_000

/** `openssl req`: asks for a certificate, or makes one that signs itself. */
export const req: Command = async (process, words) => {
  const options = readOptions(
    'req',
    words,
    'x509 new nodes noenc noout subject text verify batch sha256 sha384 sha512 utf8',
    'newkey keyout out key days subj addext in pkeyopt',
    'config extensions reqexts passout passin CA CAkey section multivalue-rdn',
  )
  const asked = options.get('in')
  if (asked !== undefined) {
    const request = decodeCertificateRequest(readFile(process, asked, 'X509 certificate request'))
    if (!request)
      throw new OpensslError(
        `Unable to load X509 request\n${queued('0480006C:PEM routines:get_name:no start line:../crypto/pem/pem_lib.c:760:Expecting: CERTIFICATE REQUEST')}`,
      )
    if (options.has('text')) throw new OpensslError('req: -text is not simulated here: try -subject')
    if (options.has('subject')) await process.write(`subject=${shownName(request.subject)}\n`)
    if (!options.has('noout')) await process.write(readFile(process, asked, 'X509 certificate request'))
    return 0
  }
  const subj = options.get('subj')
  if (subj === undefined)
    throw new OpensslError(
      'req: asking for the name is not simulated here: give it with -subj, such as /CN=web.example',
    )
  const subject = subjectOf(subj)
  const file = options.get('key')
  const isNew = file === undefined
  if (isNew && !options.has('newkey') && !options.has('new') && !options.has('x509'))
    throw new OpensslError('req: Use -help for summary.')
  const key = isNew ? process.kernel.random.hex(32) : readKey(process, file)
  if (isNew) {
    await tellProgress(process)
    const path = options.get('keyout') ?? 'privkey.pem'
    if (!options.has('nodes') && !options.has('noenc') && options.get('keyout') !== undefined)
      throw new OpensslError('req: keys with a pass phrase are not simulated here: add -nodes')
    await deliver(process, path, encodePrivateKey(key), 0o600)
    await process.stderr.write('-----\n')
  }
  const names = options
    .all('addext')
    .filter(each => /^subjectAltName\s*=/.test(each))
    .flatMap(each => alternativeNames(each.replace(/^[^=]*=/, '')))
  if (!options.has('x509')) {
    await deliver(process, options.get('out'), encodeCertificateRequest({ subject, names, key }))
    return 0
  }
  const notBefore = Math.floor(process.machine.now() / 1000) * 1000
  const notAfter = notBefore + Number(options.get('days') ?? 30) * day
  const certificate = { subject, issuer: subject, names, notBefore, notAfter, key, signedBy: key }
  await deliver(process, options.get('out'), encodeCertificate(certificate))
  return 0
}
