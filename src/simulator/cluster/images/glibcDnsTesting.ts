import { anyOf, type Image } from './image.ts'
import { layDebian } from './layers/debian.ts'

/** Tools that ask name servers by way of glibc, as the Kubernetes project's own tests use them. */
export const glibcDnsTesting: Image = {
  repository: 'registry.k8s.io/e2e-test-images/glibc-dns-testing',
  hasTag: anyOf('2.0.0'),
  size: () => 50_127_364,
  settings: () => ({ command: ['bash'] }),
  build(files, _tag, programs) {
    layDebian(files, programs, { commands: ['curl', 'dig', 'host', 'nslookup'] })
  },
}
