import type { Image } from './image.ts'
import { layNginx, nginxSettings } from './nginx/layer.ts'
import { defaultServer, mainConfiguration } from './nginx/pages.ts'
import { nginx } from './nginx.ts'

/** nginx for a user that is not root: on port 8080. */
export const nginxUnprivileged: Image = {
  repository: 'docker.io/nginxinc/nginx-unprivileged',
  hasTag: nginx.hasTag,
  size: nginx.size,
  settings: tag => ({
    ...nginxSettings,
    environment: nginx.settings(tag).environment ?? {},
    user: '101',
    ports: ['8080/tcp'],
  }),
  build(files, tag, programs) {
    const version = nginx.settings(tag).environment!['NGINX_VERSION']!
    layNginx(files, programs, version, {
      isAlpine: /alpine/.test(tag),
      configuration: mainConfiguration.replace(/user .*\n/, '').replace('/run/nginx.pid', '/tmp/nginx.pid'),
      server: defaultServer.replaceAll(/80;/g, '8080;'),
    })
    files.chown('/etc/nginx/conf.d/default.conf', 101, 101)
  },
}
