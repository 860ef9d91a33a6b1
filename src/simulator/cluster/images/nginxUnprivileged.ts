import type { Image } from './image.ts'
import { layNginx, nginxSettings } from './nginx/layer.ts'
import { defaultServer, mainConfiguration } from './nginx/pages.ts'
import { environmentOf, sizeOf, versionOf } from './nginx/versions.ts'

/** nginx for a user that is not root: on port 8080. */
export const nginxUnprivileged: Image = {
  repository: 'docker.io/nginxinc/nginx-unprivileged',
  hasTag: tag => versionOf(tag) !== undefined,
  size: sizeOf,
  settings: tag => ({ ...nginxSettings, environment: environmentOf(tag), user: '101', ports: ['8080/tcp'] }),
  build(files, tag, programs) {
    layNginx(files, programs, versionOf(tag)!, {
      isAlpine: /alpine/.test(tag),
      configuration: mainConfiguration.replace(/user .*\n/, '').replace('/run/nginx.pid', '/tmp/nginx.pid'),
      server: defaultServer.replaceAll(/80;/g, '8080;'),
    })
    files.chown('/etc/nginx/conf.d/default.conf', 101, 101)
  },
}
