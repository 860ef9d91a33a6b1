import { expect, test } from 'vitest'
import type { ByteStream } from '#simulator/machine/byteStream.ts'
import type { Certificate } from '#simulator/machine/certificate.ts'
import { decodeCertificates, encodeCertificate, matchingName, verifyChain } from '#simulator/machine/certificate.ts'
import { serveHttp } from '#simulator/machine/httpServer.ts'
import { curl } from '#simulator/machine/programs/curl.ts'
import { connectTls, peekTls } from '#simulator/machine/tls.ts'
import { Random } from '#simulator/random.ts'
import { NetLab } from './programs/netLab.ts'

const root: Certificate = {
  subject: 'CN=root',
  issuer: 'CN=root',
  names: [],
  notBefore: 1000,
  notAfter: 2000,
  key: 'root',
  signedBy: 'root',
}
const leaf: Certificate = {
  ...root,
  subject: 'CN=web',
  names: ['web.example', '*.shop.example', '10.0.0.2'],
  key: 'leaf',
}

test('on the wire there are records, the server name, and nothing else to read', async () => {
  const lab = new NetLab()
  const client = lab.machine('client', '10.0.0.1')
  const server = lab.machine('server', '10.0.0.2')
  lab.start(server, {
    name: 'https',
    summary: 'TLS server',
    async run(process) {
      serveHttp(process, 443, () => ({ status: 200, body: 'secret answer' }), { tls: { certificates: () => [leaf] } })
      await process.wait(() => {})
      return 0
    },
  })
  await lab.advance(5)
  const sent: Uint8Array[] = []
  client.network.interface('eth0')!.capture(frame => {
    if (frame.payload.kind !== 'ipv4' || frame.payload.body.kind !== 'tcp') return
    if (frame.payload.body.data.length > 0) sent.push(frame.payload.body.data)
  })
  const words = ['-sk', '--resolve', 'web.example:443:10.0.0.2', 'https://web.example/secret-path']
  expect((await lab.run(client, curl, ...words)).stdout).toBe('secret answer')
  const text = sent.map(bytes => String.fromCharCode(...bytes)).join('')
  expect([...sent[0]!.subarray(0, 5)]).toEqual([22, 3, 1, 2, 0])
  expect(text).toContain('web.example')
  expect(text).not.toMatch(/secret|HTTP|GET/)
})

test('certificates survive their PEM form', () => {
  const pem = encodeCertificate(leaf) + encodeCertificate(root)
  expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n/)
  expect(decodeCertificates(pem)).toEqual([leaf, root])
})

test.each([
  ['a chain that ends in a trusted root', [leaf], [root], 1500, undefined],
  ['an unknown issuer', [leaf], [], 1500, 'unable to get local issuer certificate'],
  ['one that signed itself', [root], [], 1500, 'self-signed certificate'],
  ['a chain with an untrusted root', [leaf, root], [], 1500, 'self-signed certificate in certificate chain'],
  ['one that is over', [leaf], [root], 2500, 'certificate has expired'],
  ['one that has not begun', [leaf], [root], 500, 'certificate is not yet valid'],
])('%s', (_, chain, roots, now, problem) => {
  expect(verifyChain(chain, roots, now)).toBe(problem)
})

test.each([
  ['web.example', 'web.example'],
  ['WEB.example', 'web.example'],
  ['a.shop.example', '*.shop.example'],
  ['a.b.shop.example', undefined],
  ['shop.example', undefined],
  ['10.0.0.2', '10.0.0.2'],
])('%s is covered by %s', (host, name) => {
  expect(matchingName(leaf, host)).toBe(name)
})

test('the greeting of a client says whom it wants and what it speaks, before anybody answers', async () => {
  const sent: Uint8Array[] = []
  const stream: ByteStream = {
    read: async () => undefined,
    write: async bytes => void sent.push(bytes),
    close() {},
    abort() {},
  }
  const options = { serverName: 'web.example', applicationProtocols: ['istio', 'h2'] }
  await expect(connectTls(stream, new Random(1), options)).rejects.toThrow('ended')
  expect(peekTls(sent[0]!)).toMatchObject(options)
  expect(peekTls(sent[0]!.subarray(0, 60))).toEqual({ serverName: undefined, applicationProtocols: [] })
  expect(peekTls(new TextEncoder().encode('GET / HTTP/1.1'))).toBeUndefined()
})
