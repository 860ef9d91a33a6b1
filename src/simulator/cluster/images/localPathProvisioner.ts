import { daemonImage } from './image.ts'

/** Makes volumes from directories of nodes. */
export const localPathProvisioner = daemonImage({
  repository: 'docker.io/rancher/local-path-provisioner',
  tags: ['v0.0.32', 'v0.0.31', 'v0.0.30', 'master-head'],
  size: 22_108_453,
  path: '/usr/bin/local-path-provisioner',
})
