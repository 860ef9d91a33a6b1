import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { bytesOf, textOf } from '../../bytes.ts'
import { type Certificate, decodeCertificates, encodeCertificate, verifyChain } from '../../certificate.ts'
import { FileError } from '../../fileError.ts'
import type { Process } from '../../program.ts'
import { ResolveError, resolveHost } from '../../resolver.ts'
import { socketErrorTexts } from '../../socketFailure.ts'
import { connectTcp, type TcpStream } from '../../tcp.ts'
import { connectTls, TlsError, type TlsStream } from '../../tls.ts'
import { type Command, OpensslError, readFile, readOptions, shownName, shownTime } from './command.ts'

const verifyCodes: Readonly<Record<string, number>> = {
  'certificate is not yet valid': 9,
  'certificate has expired': 10,
  'self-signed certificate': 18,
  'self-signed certificate in certificate chain': 19,
  'unable to get local issuer certificate': 20,
}
const rule = '---\n'
// How long the answer to what was typed is waited for at the end: milliseconds.
const lastWait = 1000

/** `openssl s_client`: opens TLS to a server, tells of its certificates, and passes on what is typed. */
export const sClient: Command = async (process, words) => {
  const options = readOptions(
    's_client',
    words,
    'showcerts quiet brief verify_quiet ign_eof noservername tls1_2 tls1_3 4',
    'connect servername CAfile verify alpn host port',
    'starttls cert key proxy reconnect msg debug state CApath',
  )
  const target = options.get('connect') ?? `${options.get('host') ?? 'localhost'}:${options.get('port') ?? '4433'}`
  const [host = '', port = '4433'] = target.split(':')
  const tcp = await connect(process, host, Number(port))
  if (!options.has('quiet')) await process.write('CONNECTED(00000003)\n')
  const named = parseIpv4(host) === undefined ? host : undefined
  const serverName = options.has('noservername') ? undefined : (options.get('servername') ?? named)
  const stream = await secure(process, tcp, serverName)
  const file = options.get('CAfile')
  const roots = decodeCertificates(file === undefined ? systemRoots(process) : readFile(process, file, 'CA file'))
  const problem = verifyChain(stream.peerCertificates, roots, process.machine.now())
  await tellChain(process, stream.peerCertificates, problem)
  if (!options.has('quiet')) await process.write(report(stream.peerCertificates, problem, options.has('showcerts')))
  await converse(process, stream)
  return 0
}

async function connect(process: Process, host: string, port: number): Promise<TcpStream> {
  try {
    const address = parseIpv4(host) ?? (await resolveHost(process, host, 4)).addresses[0]
    return await connectTcp(process, address!, port)
  } catch (error) {
    if (error instanceof ResolveError)
      throw new OpensslError(
        `4057740F4D7F0000:error:10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:746:Name or service not known\nconnect:errno=0`,
      )
    if (!(error instanceof SocketError)) throw error
    const text = socketErrorTexts[error.code]
    const number = { ECONNREFUSED: 111, EHOSTUNREACH: 113, ENETUNREACH: 101, ETIMEDOUT: 110 }[error.code as string] ?? 0
    throw new OpensslError(
      `4057740F4D7F0000:error:8000006F:system library:BIO_connect:${text}:../crypto/bio/bio_sock2.c:117:calling connect()\n4057740F4D7F0000:error:10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:119:\nconnect:errno=${number}`,
    )
  }
}

async function secure(process: Process, tcp: TcpStream, serverName: string | undefined): Promise<TlsStream> {
  try {
    return await connectTls(tcp, process.kernel.random, { serverName })
  } catch (error) {
    if (!(error instanceof TlsError || error instanceof SocketError)) throw error
    tcp.close()
    const isRefused = error instanceof TlsError && error.received[1] === 112
    const what = isRefused
      ? 'error:0A000458:SSL routines:ssl3_read_bytes:tlsv1 unrecognized name:../ssl/record/rec_layer_s3.c:1590:SSL alert number 112'
      : 'error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:354:'
    await process.write(
      `${rule}no peer certificate available\n${rule}No client certificate CA names sent\n${rule}SSL handshake has read 7 bytes and written 293 bytes\nVerification: OK\n${rule}New, (NONE), Cipher is (NONE)\nSecure Renegotiation IS NOT supported\nCompression: NONE\nExpansion: NONE\nNo ALPN negotiated\nEarly data was not sent\nVerify return code: 0 (ok)\n${rule}`,
    )
    throw new OpensslError(`4057740F4D7F0000:${what}`)
  }
}

function systemRoots(process: Process): string {
  try {
    return process.files.readText('/etc/ssl/certs/ca-certificates.crt')
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    return ''
  }
}

async function tellChain(process: Process, chain: readonly Certificate[], problem: string | undefined): Promise<void> {
  const [leaf] = chain
  if (!leaf) return
  const depth = `depth=0 ${shownName(leaf.subject)}\n`
  const told = problem ? `verify error:num=${verifyCodes[problem] ?? 1}:${problem}\nverify return:1\n${depth}` : ''
  await process.stderr.write(`${depth}${told}verify return:1\n`)
}

function report(chain: readonly Certificate[], problem: string | undefined, isComplete: boolean): string {
  const [leaf] = chain
  if (!leaf) return ''
  const entry = ({ subject, issuer, notBefore, notAfter }: Certificate, index: number) =>
    [
      ` ${index} s:${shownName(subject)}`,
      `   i:${shownName(issuer)}`,
      '   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256',
      `   v:NotBefore: ${shownTime(notBefore)}; NotAfter: ${shownTime(notAfter)}`,
      '',
    ].join('\n') + (isComplete ? encodeCertificate(chain[index]!) : '')
  const code = problem ? `${verifyCodes[problem] ?? 1} (${problem})` : '0 (ok)'
  return [
    `${rule}Certificate chain\n`,
    ...chain.map(entry),
    `${rule}Server certificate\n`,
    isComplete ? '' : encodeCertificate(leaf),
    `subject=${shownName(leaf.subject)}\nissuer=${shownName(leaf.issuer)}\n`,
    `${rule}No client certificate CA names sent\nPeer signing digest: SHA256\nPeer signature type: RSA-PSS\n`,
    `Server Temp Key: X25519, 253 bits\n${rule}SSL handshake has read 1473 bytes and written 392 bytes\n`,
    problem ? `Verification error: ${problem}\n` : 'Verification: OK\n',
    `${rule}New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\nServer public key is 2048 bit\n`,
    'Secure Renegotiation IS NOT supported\nCompression: NONE\nExpansion: NONE\nNo ALPN negotiated\n',
    `Early data was not sent\nVerify return code: ${code}\n${rule}`,
  ].join('')
}

/** Sends what comes in and shows what comes back, until either side has finished. */
async function converse(process: Process, stream: TlsStream): Promise<void> {
  let isOver = false
  process.thread(async () => {
    for (let piece = await stream.read(); piece; piece = await stream.read()) await process.write(textOf(piece))
    isOver = true
  })
  let sent = 0
  for await (const line of process.lines()) {
    if (isOver) break
    await stream.write(bytesOf(line))
    sent += line.length
  }
  if (sent > 1 && !isOver) await process.sleep(lastWait)
  await process.stderr.write('DONE\n')
  stream.close()
}
