import { daemonImage } from './image.ts'

/** What finds a node for each pod. */
export const kubeScheduler = daemonImage({
  repository: 'registry.k8s.io/kube-scheduler',
  tags: ['v1.36.3'],
  size: 72_807_274,
  path: '/usr/local/bin/kube-scheduler',
})
