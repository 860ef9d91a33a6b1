import { daemonImage } from './image.ts'

/** Tells what nodes and pods use. */
export const metricsServer = daemonImage({
  repository: 'registry.k8s.io/metrics-server/metrics-server',
  tags: ['v0.8.1', 'v0.8.0', 'v0.7.2'],
  size: 22_544_107,
  path: '/metrics-server',
})
