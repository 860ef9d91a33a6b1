import { daemonImage } from './image.ts'

/** The name server of the cluster. */
export const coredns = daemonImage({
  repository: 'registry.k8s.io/coredns/coredns',
  tags: ['v1.14.2'],
  size: 74_988_387,
  path: '/coredns',
  user: 'nonroot',
})
