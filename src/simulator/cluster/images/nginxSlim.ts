import { anyOf, type Image } from './image.ts'
import { layNginx, nginxSettings } from './nginx/layer.ts'

/** A small nginx that the Kubernetes documentation uses. */
export const nginxSlim: Image = {
  repository: 'registry.k8s.io/nginx-slim',
  hasTag: anyOf('0.8', '0.20', '0.21', '0.22', '0.23', '0.24', '0.25', '0.26', '0.27'),
  size: () => 29_500_000,
  settings: () => ({ ...nginxSettings, ports: ['80/tcp'] }),
  build: (files, _tag, programs) => layNginx(files, programs, '1.25.1'),
}
