import { hashText } from '../../../random.ts'
import { type Certificate, decodeCertificates, encodeCertificate } from '../../certificate.ts'
import { decodeCertificateRequest } from '../../certificateRequest.ts'
import type { Process } from '../../program.ts'
import {
  alternativeNames,
  type Command,
  deliver,
  OpensslError,
  type Options,
  queued,
  readFile,
  readKey,
  readOptions,
  shownName,
  shownTime,
} from './command.ts'

const day = 86_400_000

/** `openssl x509`: shows a certificate, or signs a request for one. */
export const x509: Command = async (process, words) => {
  const options = readOptions(
    'x509',
    words,
    'noout text subject issuer dates startdate enddate serial req CAcreateserial sha256 sha384 sha512 pubkey',
    'in out CA CAkey CAserial days extfile ext checkend checkhost signkey key set_serial',
    'fingerprint modulus purpose extensions inform outform nameopt',
  )
  const source = options.get('in')
  const text = source === undefined ? await process.readAll() : readFile(process, source, 'certificate')
  if (options.has('req')) return sign(process, options, text)
  const [certificate] = decodeCertificates(text)
  if (!certificate)
    throw new OpensslError(`Could not read certificate from ${source ?? '<stdin>'}\nUnable to load certificate`)
  return show(process, options, certificate)
}

async function show(process: Process, options: Options, certificate: Certificate): Promise<number> {
  const { subject, issuer, notBefore, notAfter } = certificate
  if (options.has('text')) await process.write(describe(certificate))
  if (options.has('serial')) await process.write(`serial=${serialOf(certificate)}\n`)
  if (options.has('subject')) await process.write(`subject=${shownName(subject)}\n`)
  if (options.has('issuer')) await process.write(`issuer=${shownName(issuer)}\n`)
  if (options.has('dates') || options.has('startdate')) await process.write(`notBefore=${shownTime(notBefore)}\n`)
  if (options.has('dates') || options.has('enddate')) await process.write(`notAfter=${shownTime(notAfter)}\n`)
  if (/subjectAltName/.test(options.get('ext') ?? ''))
    await process.write(
      certificate.names.length > 0
        ? `X509v3 Subject Alternative Name: \n    ${shownNames(certificate)}\n`
        : 'No extensions matched.\n',
    )
  const end = options.get('checkend')
  if (end !== undefined) {
    const expires = process.machine.now() + Number(end) * 1000 > notAfter
    await process.write(`Certificate will ${expires ? '' : 'not '}expire\n`)
    if (expires) return 1
  }
  if (!options.has('noout')) await deliver(process, options.get('out'), encodeCertificate(certificate))
  return 0
}

async function sign(process: Process, options: Options, text: string): Promise<number> {
  const request = decodeCertificateRequest(text)
  if (!request) throw new OpensslError('Unable to load X509 request')
  await process.stderr.write(`Certificate request self-signature ok\nsubject=${shownName(request.subject)}\n`)
  const own = options.get('signkey') ?? options.get('key')
  const authority = options.get('CA')
  if (own === undefined && authority === undefined)
    throw new OpensslError('We need a private key to sign with, use -key or -CAkey or -CA with private key')
  const [issuer] = authority === undefined ? [] : decodeCertificates(readFile(process, authority, 'CA certificate'))
  if (authority !== undefined && !issuer)
    throw new OpensslError(`Could not read CA certificate from ${authority}\nUnable to load CA certificate`)
  const signedBy = readKey(process, own ?? options.get('CAkey') ?? authority!)
  if (issuer && signedBy !== issuer.key)
    throw new OpensslError(
      `CA certificate and CA private key do not match\n${queued('05800074:x509 certificate routines:X509_check_private_key:key values mismatch:../crypto/x509/x509_cmp.c:403:')}`,
    )
  const extensions = options.get('extfile')
  const file = extensions === undefined ? '' : readFile(process, extensions, 'extensions')
  const listed = /^\s*subjectAltName\s*=\s*(?!@)(.+)$/m.exec(file)?.[1]
  if (/^\s*subjectAltName\s*=\s*@/m.test(file))
    throw new OpensslError('x509: sections of names are not simulated here: write subjectAltName=DNS:web.example')
  const notBefore = Math.floor(process.machine.now() / 1000) * 1000
  const certificate: Certificate = {
    subject: request.subject,
    issuer: issuer?.subject ?? request.subject,
    // Names of the request are not taken over: that is what an extension file is for.
    names: listed === undefined ? [] : alternativeNames(listed),
    notBefore,
    notAfter: notBefore + Number(options.get('days') ?? 30) * day,
    key: request.key,
    signedBy,
  }
  if (!options.has('noout')) await deliver(process, options.get('out'), encodeCertificate(certificate))
  return 0
}

function serialOf({ key, subject, notBefore }: Certificate): string {
  const digits = [0, 1, 2, 3, 4].map(salt =>
    hashText(`${salt}${key}${subject}${notBefore}`).toString(16).padStart(8, '0'),
  )
  return digits.join('').toUpperCase()
}

function shownNames({ names }: Certificate): string {
  return names.map(name => (/^[\d.]+$/.test(name) ? `IP Address:${name}` : `DNS:${name}`)).join(', ')
}

// Simplified: what depends on real keys is left out: the modulus, the identifiers of keys, the bytes of the signature.
function describe(certificate: Certificate): string {
  const { subject, issuer, notBefore, notAfter, names } = certificate
  const isOwn = certificate.key === certificate.signedBy
  const serial = serialOf(certificate).toLowerCase().match(/../g)!.join(':')
  return [
    'Certificate:',
    '    Data:',
    '        Version: 3 (0x2)',
    '        Serial Number:',
    `            ${serial}`,
    '        Signature Algorithm: sha256WithRSAEncryption',
    `        Issuer: ${shownName(issuer)}`,
    '        Validity',
    `            Not Before: ${shownTime(notBefore)}`,
    `            Not After : ${shownTime(notAfter)}`,
    `        Subject: ${shownName(subject)}`,
    '        Subject Public Key Info:',
    '            Public Key Algorithm: rsaEncryption',
    '                Public-Key: (2048 bit)',
    ...(isOwn || names.length > 0 ? ['        X509v3 extensions:'] : []),
    ...(isOwn ? ['            X509v3 Basic Constraints: critical', '                CA:TRUE'] : []),
    ...(names.length > 0
      ? ['            X509v3 Subject Alternative Name: ', `                ${shownNames(certificate)}`]
      : []),
    '    Signature Algorithm: sha256WithRSAEncryption',
    '',
  ].join('\n')
}
