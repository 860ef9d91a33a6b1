import { daemonImage } from './image.ts'

/** The control loops of the control plane. */
export const kubeControllerManager = daemonImage({
  repository: 'registry.k8s.io/kube-controller-manager',
  tags: ['v1.36.3'],
  size: 95_540_092,
  path: '/usr/local/bin/kube-controller-manager',
})
