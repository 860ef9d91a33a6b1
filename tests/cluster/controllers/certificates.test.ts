import { expect, test } from 'vitest'
import { certificateSigningRequest } from '../../../src/simulator/cluster/kinds/certificateSigningRequest.ts'
import { decodeCertificates, verifyChain } from '../../../src/simulator/machine/certificate.ts'
import { TestCluster } from '../fixture.ts'

const request = `-----BEGIN CERTIFICATE REQUEST-----
MIHHMG8CAQAwDTELMAkGA1UEAwwCZWMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQCY6Zgg7EohrIZ2mn67CpwaU0Rru5BuP1yC0KlA7RKRQ3EFHpNvXaVIWfNGfAu
V/qYKz4GMV1STmFI2kVATBZUoAAwCgYIKoZIzj0EAwIDSAAwRQIhAIVqGxM4DYlf
EYk4ymgGC3YjScjVUqUN/DA/aZlty12cAiAa3c5zGwJrybfkZEOYOVNnlSC7yKGd
Qg92ZgykvIEOoQ==
-----END CERTIFICATE REQUEST-----
`
const clientSigner = 'kubernetes.io/kube-apiserver-client'

async function decide(changes: object, type: 'Approved' | 'Denied', pem = request) {
  const cluster = await TestCluster.boot()
  const { client } = cluster
  const created = client.create(certificateSigningRequest, {
    metadata: { name: 'ec' },
    spec: { request: btoa(pem), signerName: clientSigner, usages: ['client auth'], ...changes },
  })
  client.updateStatus(certificateSigningRequest, { ...created, status: { conditions: [{ type, status: 'True' }] } })
  await cluster.advance(1)
  const { status } = client.get(certificateSigningRequest, 'ec')!
  return { cluster, status }
}

test('an approved request gets a certificate that the cluster believes', async () => {
  const { cluster, status } = await decide({ expirationSeconds: 3600 }, 'Approved')
  const [certificate] = decodeCertificates(atob(status.certificate!))
  const now = cluster.cluster.workstation.now()
  expect(certificate).toMatchObject({ subject: 'CN=ec', issuer: 'CN=kubernetes' })
  expect(certificate!.notAfter - now).toBeGreaterThan(3_590_000)
  const root = cluster.cluster.nodes.get('node1')!.files.readText('/etc/kubernetes/pki/ca.crt')
  expect(verifyChain([certificate!], decodeCertificates(root), now)).toBeUndefined()
})

test.each([
  ['a denied one gets none', {}, 'Denied', request, undefined],
  ['one for another signer is left to it', { signerName: 'example.com/own' }, 'Approved', request, undefined],
  [
    'other uses than those of the signer fail',
    { usages: ['server auth'] },
    'Approved',
    request,
    'SignerValidationFailure',
  ],
  ['what is no request fails', {}, 'Approved', 'nonsense', 'SigningError'],
] as const)('%s', async (_, changes, type, pem, reason) => {
  const { status } = await decide(changes, type, pem)
  expect(status.certificate).toBeUndefined()
  expect(status.conditions?.find(condition => condition.type === 'Failed')?.reason).toBe(reason)
})

test('who asks is written down, and requests are kept for an hour after the decision', async () => {
  const { cluster } = await decide({}, 'Denied')
  const found = cluster.client.get(certificateSigningRequest, 'ec')!
  expect(found.spec).toMatchObject({
    username: 'kubernetes-admin',
    groups: expect.arrayContaining(['system:authenticated']),
  })
  await cluster.advance(3601)
  expect(cluster.client.get(certificateSigningRequest, 'ec')).toBeUndefined()
})
