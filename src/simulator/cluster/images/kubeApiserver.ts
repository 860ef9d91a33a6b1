import { daemonImage } from './image.ts'

/** The API server of the control plane. */
export const kubeApiserver = daemonImage({
  repository: 'registry.k8s.io/kube-apiserver',
  tags: ['v1.36.3'],
  size: 105_442_155,
  path: '/usr/local/bin/kube-apiserver',
})
