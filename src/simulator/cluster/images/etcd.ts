import { daemonImage } from './image.ts'

/** The store behind the API server. */
export const etcd = daemonImage({
  repository: 'registry.k8s.io/etcd',
  tags: ['3.6.8-0'],
  size: 44_124_975,
  path: '/usr/local/bin/etcd',
})
