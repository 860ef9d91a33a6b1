import { expect, test } from 'vitest'
import { decodeCertificates, decodePem } from '../../../src/simulator/machine/certificate.ts'
import { decodeCertificateRequest } from '../../../src/simulator/machine/certificateRequest.ts'
import { md5Crypt } from '../../../src/simulator/machine/md5Crypt.ts'
import { programs } from '../../../src/simulator/machine/programs/registry.ts'
import { World } from '../world.ts'

async function play(...lines: string[]): Promise<{ stdout: string; stderr: string; status: number | undefined }> {
  return world().run(['bash', '-c', lines.join('\n')], { seconds: 10 })
}

function world(): World {
  return new World(programs)
}

const selfSigned =
  'openssl req -x509 -nodes -days 365 -newkey rsa:2048 -keyout tls.key -out tls.crt -subj /CN=web.example/O=team -addext "subjectAltName = DNS:web.example, IP:10.0.0.1" 2>/dev/null'

test('a certificate that signs itself says for whom it is and until when', async () => {
  const { stdout } = await play(
    selfSigned,
    'openssl x509 -in tls.crt -noout -subject -issuer -dates -ext subjectAltName',
  )
  expect(stdout).toBe(`subject=CN = web.example, O = team
issuer=CN = web.example, O = team
notBefore=Mar  2 09:00:00 2026 GMT
notAfter=Mar  2 09:00:00 2027 GMT
X509v3 Subject Alternative Name: 
    DNS:web.example, IP Address:10.0.0.1
`)
})

test('its files are PEM, and nobody else may read the key', async () => {
  const { stdout } = await play(selfSigned, 'head -1 tls.crt tls.key; stat -c %a tls.key')
  expect(stdout).toBe(
    '==> tls.crt <==\n-----BEGIN CERTIFICATE-----\n\n==> tls.key <==\n-----BEGIN PRIVATE KEY-----\n600\n',
  )
})

test('an authority signs requests; the names come from the file of extensions', async () => {
  const { stdout, stderr } = await play(
    'openssl genrsa -out ca.key 2048',
    'openssl req -x509 -new -key ca.key -subj /CN=authority -days 3650 -out ca.crt',
    'openssl genrsa -out web.key 2048',
    'openssl req -new -key web.key -subj /O=team/CN=web -addext subjectAltName=DNS:ignored.example -out web.csr',
    'openssl req -in web.csr -noout -subject',
    'echo subjectAltName=DNS:web.example > extensions',
    'openssl x509 -req -in web.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile extensions -days 30 -out web.crt',
    'openssl x509 -in web.crt -noout -subject -issuer -ext subjectAltName',
    'openssl x509 -req -in web.csr -CA ca.crt -CAkey web.key -out wrong.crt',
  )
  expect(stdout).toBe(`subject=O = team, CN = web
subject=O = team, CN = web
issuer=CN = authority
X509v3 Subject Alternative Name: 
    DNS:web.example
`)
  expect(stderr).toBe(
    `Certificate request self-signature ok
subject=O = team, CN = web
Certificate request self-signature ok
subject=O = team, CN = web
CA certificate and CA private key do not match
4057740F4D7F0000:error:05800074:x509 certificate routines:X509_check_private_key:key values mismatch:../crypto/x509/x509_cmp.c:403:
`,
  )
})

test('a signed certificate speaks for the key that its request was made with', async () => {
  const { stdout } = await play(
    'openssl genrsa -out web.key; openssl req -new -key web.key -subj /CN=web -out web.csr',
    'openssl x509 -req -in web.csr -signkey web.key 2>/dev/null; cat web.key',
  )
  const [key] = decodePem('PRIVATE KEY', stdout)
  expect(decodeCertificates(stdout)[0]!.key).toBe(new TextDecoder().decode(key))
})

test('a request is one that the API server can read', async () => {
  const { stdout } = await play(
    'openssl req -new -newkey rsa:2048 -nodes -keyout jane.key -subj /O=team/CN=jane -addext subjectAltName=DNS:jane.example,IP:10.0.0.7 2>/dev/null',
  )
  expect(decodeCertificateRequest(stdout)).toMatchObject({
    subject: 'O=team, CN=jane',
    names: ['jane.example', '10.0.0.7'],
  })
})

test('passwords are hashed as Apache does', () => {
  // Made with `openssl passwd -apr1 -salt abcdefgh secret` and the like.
  expect(md5Crypt('secret', 'abcdefgh')).toBe('$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/')
  expect(md5Crypt('myPassword', 'r31.....')).toBe('$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/')
})

test('what is wrong is said in its words, what is not there as well', async () => {
  const { stderr } = await play(
    'openssl nonsense',
    'openssl verify tls.crt',
    'openssl x509 -in missing.crt',
    'openssl req -new -key missing.key -subj /CN=x',
    'openssl req -new -newkey rsa:2048 -nodes',
    'openssl req -new -newkey rsa:2048 -nodes -subj CN=x',
    'openssl req -wrong',
    'echo nothing | openssl x509 -noout -subject',
    'openssl s_client -connect 127.0.0.1:4433',
  )
  expect(stderr).toBe(`Invalid command 'nonsense'; type "help" for a list.
openssl verify is not simulated here
Could not open file or uri for loading certificate from missing.crt
4057740F4D7F0000:error:16000069:STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file
4057740F4D7F0000:error:80000002:system library:file_open:No such file or directory:../providers/implementations/storemgmt/file_store.c:266:calling stat(missing.crt)
Unable to load certificate
Could not open file or uri for loading private key from missing.key
4057740F4D7F0000:error:16000069:STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file
4057740F4D7F0000:error:80000002:system library:file_open:No such file or directory:../providers/implementations/storemgmt/file_store.c:266:calling stat(missing.key)
req: asking for the name is not simulated here: give it with -subj, such as /CN=web.example
req: subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: 'CN=x'
req: Unknown option or message digest: wrong
req: Use -help for summary.
Could not read certificate from <stdin>
Unable to load certificate
4057740F4D7F0000:error:8000006F:system library:BIO_connect:Connection refused:../crypto/bio/bio_sock2.c:117:calling connect()
4057740F4D7F0000:error:10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:119:
connect:errno=111
`)
})
