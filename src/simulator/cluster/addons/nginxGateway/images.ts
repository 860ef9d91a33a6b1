import { anyOf, type Image } from '../../images/image.ts'
import { layAlpine } from '../../images/layers/alpine.ts'
import { layRoot } from '../../images/layers/root.ts'
import { inspectProgram } from '../../images/nginx/inspect.ts'
import { entrypointProgram } from './agentProgram.ts'

/** The release of NGINX Gateway Fabric. */
export const release = '2.2.1'

/** Follows Gateways and routes. */
export const controlPlaneImage: Image = {
  repository: 'ghcr.io/nginx/nginx-gateway-fabric',
  hasTag: anyOf(release, '2.2.0'),
  size: () => 28_410_224,
  settings: () => ({ entrypoint: ['/usr/bin/gateway'], user: '101:1001' }),
  build(files, _tag, programs) {
    layRoot(files, [{ name: 'nginx', uid: 101, gid: 1001 }])
    files.mkdir('/usr/bin', { parents: true })
    files.install('/usr/bin/gateway', programs.ofCluster('gateway'))
  },
}

/** The nginx of Gateways, with the agent that configures it. */
export const dataPlaneImage: Image = {
  repository: 'ghcr.io/nginx/nginx-gateway-fabric/nginx',
  hasTag: anyOf(release, '2.2.0'),
  size: () => 52_903_117,
  settings: () => ({ entrypoint: ['/agent/entrypoint.sh'], stopSignal: 'SIGTERM', user: '101:1001' }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.2', [{ name: 'nginx', uid: 101, gid: 1001, home: '/nonexistent' }])
    for (const path of ['/agent', '/etc/nginx', '/etc/nginx/conf.d', '/var/log/nginx']) {
      files.mkdir(path, { parents: true })
      files.chown(path, 101, 1001)
    }
    files.writeText('/etc/nginx/nginx.conf', mainConfiguration)
    files.symlink('/dev/stdout', '/var/log/nginx/access.log')
    files.symlink('/dev/stderr', '/var/log/nginx/error.log')
    files.install('/usr/sbin/nginx', inspectProgram('1.29.2'))
    files.install('/agent/entrypoint.sh', entrypointProgram)
  },
}

const mainConfiguration = `load_module modules/ngx_http_js_module.so;

include /etc/nginx/main-includes/*.conf;

worker_processes auto;

pid /var/run/nginx/nginx.pid;

events {
  worker_connections 1024;
}

http {
  include /etc/nginx/conf.d/*.conf;
  include /etc/nginx/mime.types;
  js_import modules/njs/httpmatches.js;

  default_type application/octet-stream;

  proxy_headers_hash_bucket_size 512;
  proxy_headers_hash_max_size 1024;
  server_names_hash_bucket_size 256;
  server_names_hash_max_size 1024;
  variables_hash_bucket_size 512;
  variables_hash_max_size 1024;

  sendfile on;
  tcp_nopush on;

  server_tokens off;
}
`
