import { daemonImage } from './image.ts'

/** What makes Service addresses work on a node. */
export const kubeProxy = daemonImage({
  repository: 'registry.k8s.io/kube-proxy',
  tags: ['v1.36.3'],
  size: 84_316_981,
  path: '/usr/local/bin/kube-proxy',
})
