import { type Certificate, encodeCertificate, encodePrivateKey } from '../../machine/certificate.ts'
import { agnhostProgram } from './agnhost/agnhost.ts'
import type { Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'
import { layCommands } from './layers/root.ts'

/** Lies in the image for servers that want one. */
const localhost: Certificate = {
  subject: 'O=Acme Co',
  issuer: 'O=Acme Co',
  names: ['127.0.0.1', '::1', 'localhost'],
  notBefore: 0,
  notAfter: Date.UTC(2084, 0, 29, 16),
  key: 'localhost',
  signedBy: 'localhost',
}

/** The test program of the Kubernetes project: servers that tell who asked whom. */
export const agnhost: Image = {
  repository: 'registry.k8s.io/e2e-test-images/agnhost',
  hasTag: tag => /^2\.(\d|[1-5]\d|6[0-3](\.0)?)$/.test(tag),
  size: () => 129_240_014,
  settings: () => ({ entrypoint: ['/agnhost'], command: ['pause'] }),
  build(files, tag, programs) {
    layAlpine(files, programs, '3.18.4')
    layCommands(files, programs, ['curl', 'dig', 'bash', 'iptables', 'nc'], { directory: '/usr/bin', flavour: 'gnu' })
    files.writeText('/localhost.crt', encodeCertificate(localhost))
    files.writeText('/localhost.key', encodePrivateKey(localhost.key), 0o644)
    // The same once more, for those who want to see that it is chosen.
    for (const path of ['/agnhost', '/agnhost-2'])
      files.install(path, agnhostProgram(tag.split('.').length === 3 ? tag : `${tag}.0`))
  },
}
