import type { Image } from './image.ts'
import { layNginx, nginxSettings } from './nginx/layer.ts'
import { environmentOf, sizeOf, versionOf } from './nginx/versions.ts'

/** The web server that most examples run. */
export const nginx: Image = {
  repository: 'docker.io/library/nginx',
  mirrors: ['public.ecr.aws/nginx/nginx', 'registry.k8s.io/e2e-test-images/nginx'],
  hasTag: tag => versionOf(tag) !== undefined,
  size: sizeOf,
  settings: tag => ({ ...nginxSettings, environment: environmentOf(tag), ports: ['80/tcp'] }),
  build: (files, tag, programs) => layNginx(files, programs, versionOf(tag)!, { isAlpine: /alpine/.test(tag) }),
}
