import { expect, test } from 'vitest'
import { decodeCertificateRequest } from '../../src/simulator/machine/certificateRequest.ts'

/** Made with `openssl req -new -newkey rsa:2048 -subj /O=team/CN=jane -addext subjectAltName=DNS:jane.example,IP:10.0.0.1`. */
const rsa = `-----BEGIN CERTIFICATE REQUEST-----
MIICkzCCAXsCAQAwHjENMAsGA1UECgwEdGVhbTENMAsGA1UEAwwEamFuZTCCASIw
DQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAMciIUNPanFb30kFX8MFjIoGwcfr
KhFJRB1DWGdkMXwG6Ir70aU26SkxrIHN/1LrHN1ig+vYfmN4zzZKR4cUJXtuNbJD
W4UOvq0WT2AlOOTOwzGBBS/6UL9SlrwCuCgDwncLdz9oj66nue7FzCw7PHD6qcur
9CpXaQIze50TFGNV4w3xyBfpzssdz6BnKNt2eAKKRuQjAbzsrffx4TX3OljkNtmy
He7HXPET67In1EVFs9VHQGNjZHNArlEx8AOVmpiJJWAYVJdxgsdmy57u4k6dCi+B
vwKATL0SEB+++9A+MDz8dTyFtRnOKmYzz4uMbAkHkg0l0GPYS2ylFwkbFq8CAwEA
AaAwMC4GCSqGSIb3DQEJDjEhMB8wHQYDVR0RBBYwFIIMamFuZS5leGFtcGxlhwQK
AAABMA0GCSqGSIb3DQEBCwUAA4IBAQAlGcOAfH6s1VwUCes8zCwWeO2zcsAUScKi
WPkYUnuZwR11/9EQcIpRQV7L5vYGewOqGVl7YlkIRdQe1OlcKYzXX1l09gGcvVz8
THJM6FJsnEKXs6PjwSoT+LPO6xTsPsFuI1GQEzGwqzoXJ1mTCS6XOhjgItoEqDsH
MIy9Mdrg5btwv8oudQp5kGZvKvMrtRYw9+2z6++NeKGfOvilw+1FsMwYdvxLArcB
nfwp5b0oYZaic03hJjDXFX6dFe2wH52DcV9n1ziKkTk4wmpPyBVWDns/6vqDsDDA
rTpme0+48jiHePlKUaD2ygWnKt3rmcdzDWjsj7kplLZDbdzHBN8B
-----END CERTIFICATE REQUEST-----
`

/** Made with `openssl ecparam -genkey -name prime256v1` and `openssl req -new -subj /CN=ec`. */
const ec = `-----BEGIN CERTIFICATE REQUEST-----
MIHHMG8CAQAwDTELMAkGA1UEAwwCZWMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQCY6Zgg7EohrIZ2mn67CpwaU0Rru5BuP1yC0KlA7RKRQ3EFHpNvXaVIWfNGfAu
V/qYKz4GMV1STmFI2kVATBZUoAAwCgYIKoZIzj0EAwIDSAAwRQIhAIVqGxM4DYlf
EYk4ymgGC3YjScjVUqUN/DA/aZlty12cAiAa3c5zGwJrybfkZEOYOVNnlSC7yKGd
Qg92ZgykvIEOoQ==
-----END CERTIFICATE REQUEST-----
`

test('a request says for whom, under which names, and for which key', () => {
  expect(decodeCertificateRequest(rsa)).toEqual({
    subject: 'O=team, CN=jane',
    names: ['jane.example', '10.0.0.1'],
    key: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  expect(decodeCertificateRequest(ec)).toMatchObject({ subject: 'CN=ec', names: [] })
})

test('different keys are told apart', () => {
  expect(decodeCertificateRequest(rsa)?.key).not.toBe(decodeCertificateRequest(ec)?.key)
})

test.each([
  ['nothing', ''],
  ['something else', rsa.replaceAll('CERTIFICATE REQUEST', 'PRIVATE KEY')],
  ['half of it', rsa.replace(/\n.{64}\n/, '\n')],
])('%s is no request', (_, text) => {
  expect(decodeCertificateRequest(text)).toBeUndefined()
})
