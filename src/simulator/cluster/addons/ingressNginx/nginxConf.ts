import { hashText } from '../../../random.ts'
import { type Configuration, defaultServerName, type Location, type Server } from './model.ts'
import type { Cors, LocationSettings } from './settings.ts'

// Simplified: /etc/nginx/nginx.conf has the blocks and directives that say what happens to requests, in their real
// order; buffers, hash sizes, Lua start-up and tracing are left out. What is served follows the same model, not the text.
/** The text of /etc/nginx/nginx.conf. */
export function nginxConf(configuration: Configuration): string {
  const body = [...head(configuration), ...configuration.servers.flatMap(serverBlock), ...tail()].join('\n')
  let checksum = ''
  for (let salt = 0; checksum.length < 20; salt++) checksum += String(hashText(`${salt}${body}`))
  return `\n# Configuration checksum: ${checksum.slice(0, 20)}\n${body}`
}

function head({ globals }: Configuration): string[] {
  return [
    '',
    '# setup custom paths that do not require root access',
    'pid /tmp/nginx/nginx.pid;',
    '',
    'daemon off;',
    '',
    'worker_processes 2;',
    '',
    'worker_rlimit_nofile 1047552;',
    '',
    'worker_shutdown_timeout 240s ;',
    '',
    'events {',
    '\tmulti_accept        on;',
    '\tworker_connections  16384;',
    '\tuse                 epoll;',
    '\t',
    '}',
    '',
    'http {',
    '\t',
    '\tlua_package_path        "/etc/nginx/lua/?.lua;;";',
    '\t',
    '\tinit_by_lua_file /etc/nginx/lua/ngx_conf_init.lua;',
    '\t',
    '\tinit_worker_by_lua_file /etc/nginx/lua/ngx_conf_init_worker.lua;',
    '\t',
    '\tkeepalive_timeout  75s;',
    '\tkeepalive_requests 1000;',
    '\t',
    '\tinclude /etc/nginx/mime.types;',
    '\tdefault_type text/html;',
    '\t',
    `\tserver_tokens ${globals.serverTokens ? 'on' : 'off'};`,
    ...(globals.serverTokens ? [] : ['\tmore_clear_headers Server;']),
    '\t',
    '\t# disable warnings',
    '\tuninitialized_variable_warn off;',
    '\t',
    '\t# Additional available variables:',
    '\t# $namespace',
    '\t# $ingress_name',
    '\t# $service_name',
    '\t# $service_port',
    '\tlog_format upstreaminfo \'$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id\';',
    '\t',
    '\taccess_log /var/log/nginx/access.log upstreaminfo;',
    '\t',
    '\terror_log  /var/log/nginx/error.log notice;',
    '\t',
    '\t# See https://www.nginx.com/blog/websocket-nginx',
    '\tmap $http_upgrade $connection_upgrade {',
    '\t\tdefault          upgrade;',
    "\t\t''               '';",
    '\t\t',
    '\t}',
    '\t',
    '\t# Reverse proxies can detect if a client provides a X-Request-ID header, and pass it on to the backend server.',
    '\t# If no such header is provided, it can provide a random value.',
    '\tmap $http_x_request_id $req_id {',
    '\t\tdefault   $http_x_request_id;',
    '\t\t""        $request_id;',
    '\t}',
    '\t',
    '\tserver_name_in_redirect off;',
    '\tport_in_redirect        off;',
    '\t',
    '\tssl_protocols TLSv1.2 TLSv1.3;',
    '\t',
    '\t# default ssl certificate',
    '\tssl_certificate     /etc/ingress-controller/ssl/default-fake-certificate.pem;',
    '\tssl_certificate_key /etc/ingress-controller/ssl/default-fake-certificate.pem;',
    '\t',
    '\tproxy_ssl_session_reuse on;',
    '\t',
    '\tupstream upstream_balancer {',
    '\t\t### Attention!!!',
    '\t\t#',
    '\t\t# We no longer create "upstream" section for every backend.',
    '\t\t# Backends are handled dynamically using Lua. If you would like to debug',
    '\t\t# and see what backends ingress-nginx has in its memory you can',
    '\t\t# install our kubectl plugin https://kubernetes.github.io/ingress-nginx/kubectl-plugin.',
    '\t\t# Once you have the plugin you can use "kubectl ingress-nginx backends" command to',
    '\t\t# inspect current backends.',
    '\t\t#',
    '\t\t###',
    '\t\t',
    '\t\tserver 0.0.0.1; # placeholder',
    '\t\t',
    '\t\tbalancer_by_lua_file /etc/nginx/lua/nginx/ngx_conf_balancer.lua;',
    '\t\t',
    '\t\tkeepalive 320;',
    '\t\tkeepalive_time 1h;',
    '\t\tkeepalive_timeout  60s;',
    '\t\tkeepalive_requests 10000;',
    '\t\t',
    '\t}',
    '\t',
  ]
}

function serverBlock(server: Server): string[] {
  const { host, aliases } = server
  const options = host === defaultServerName ? ' default_server reuseport backlog=4096' : ''
  const lines = [
    `\t## start server ${host}`,
    '\tserver {',
    `\t\tserver_name ${[host, ...aliases].map(serverName).join(' ')} ;`,
    '\t\t',
    `\t\tlisten 80 ${options};`,
    `\t\tlisten 443 ${options} ssl;`,
    '\t\t',
    '\t\thttp2 on;',
    '\t\t',
    '\t\tset $proxy_upstream_name "-";',
    '\t\t',
    '\t\tssl_certificate_by_lua_file /etc/nginx/lua/nginx/ngx_conf_certificate.lua;',
    '\t\t',
    ...server.locations.flatMap(location => locationBlock(location, server.isRegex)),
  ]
  if (host === defaultServerName)
    lines.push(
      '\t\t# health checks in cloud providers require the use of port 80',
      '\t\tlocation /healthz {',
      '\t\t\t',
      '\t\t\taccess_log off;',
      '\t\t\treturn 200;',
      '\t\t}',
      '\t\t',
    )
  return [...lines, '\t}', `\t## end server ${host}`, '\t']
}

function serverName(name: string): string {
  return name.startsWith('*.') ? `~^(?<subdomain>[\\w-]+)\\.${name.slice(2).replaceAll('.', '\\.')}$` : name
}

function locationBlock(location: Location, isRegex: boolean): string[] {
  const { path, isExact, ingress, service, port, backend, settings } = location
  const where = isRegex ? `~* "^${path}"` : isExact ? `= ${path}` : path
  const lines = [
    `set $namespace      "${ingress?.metadata.namespace ?? ''}";`,
    `set $ingress_name   "${ingress?.metadata.name ?? ''}";`,
    `set $service_name   "${service}";`,
    `set $service_port   "${port}";`,
    `set $location_path  "${location.ingressPath.replaceAll('$', '${literal_dollar}')}";`,
    '',
    ...luaBlock(settings),
    '',
    'port_in_redirect off;',
    '',
    'set $balancer_ewma_score -1;',
    `set $proxy_upstream_name "${backend}";`,
    'set $proxy_host          $proxy_upstream_name;',
    'set $pass_access_scheme  $scheme;',
    '',
    'set $pass_server_port    $server_port;',
    '',
    'set $best_http_host      $http_host;',
    'set $pass_port           $pass_server_port;',
    '',
    'set $proxy_alternative_upstream_name "";',
    '',
    ...(settings.denied === undefined
      ? passing(location)
      : [`# Location denied. Reason: "${settings.denied}"`, 'return 503;']),
  ]
  return [
    ...authBlock(location),
    `\t\tlocation ${where} {`,
    '\t\t\t',
    ...lines.map(line => `\t\t\t${line}`),
    '\t\t\t',
    '\t\t}',
    '\t\t',
  ]
}

function luaBlock({ sslRedirect, forceSslRedirect }: LocationSettings): string[] {
  return [
    `set $force_ssl_redirect "${forceSslRedirect}";`,
    `set $ssl_redirect "${sslRedirect}";`,
    'set $force_no_ssl_redirect "false";',
    'set $preserve_trailing_slash "false";',
    'set $use_port_in_redirects "false";',
    '',
    'rewrite_by_lua_file /etc/nginx/lua/nginx/ngx_rewrite.lua;',
    '',
    'header_filter_by_lua_file /etc/nginx/lua/nginx/ngx_conf_srv_hdr_filter.lua;',
    '',
    'log_by_lua_file /etc/nginx/lua/nginx/ngx_conf_log_block.lua;',
  ]
}

function passing(location: Location): string[] {
  const { path, settings } = location
  const { allow, deny, auth, cors, appRoot, redirect } = settings
  return [
    ...(appRoot === '' || path !== '/'
      ? []
      : ['if ($uri = /) {', `\treturn 302 $scheme://$http_host${appRoot};`, '}', '']),
    ...deny.map(range => `deny ${range};`),
    ...allow.map(range => `allow ${range};`),
    ...(allow.length > 0 ? ['deny all;'] : []),
    ...(cors ? corsLines(cors) : []),
    ...(auth
      ? [
          '# this location requires authentication',
          `auth_basic "${auth.realm}";`,
          'auth_basic_user_file /etc/ingress-controller/auth;',
          'proxy_set_header Authorization "";',
        ]
      : []),
    ...(settings.external ? ['# this location requires authentication', `auth_request ${authPath(location)};`] : []),
    ...limitLines(location),
    `client_max_body_size                    ${settings.bodySize};`,
    '',
    `proxy_set_header Host                   ${settings.upstreamVhost === '' ? '$best_http_host' : `"${settings.upstreamVhost}"`};`,
    '',
    '# Allow websocket connections',
    'proxy_set_header                        Upgrade           $http_upgrade;',
    '',
    'proxy_set_header                        Connection        $connection_upgrade;',
    '',
    'proxy_set_header X-Request-ID           $req_id;',
    'proxy_set_header X-Real-IP              $remote_addr;',
    '',
    'proxy_set_header X-Forwarded-For        $remote_addr;',
    '',
    'proxy_set_header X-Forwarded-Host       $best_http_host;',
    'proxy_set_header X-Forwarded-Port       $pass_port;',
    'proxy_set_header X-Forwarded-Proto      $pass_access_scheme;',
    'proxy_set_header X-Forwarded-Scheme     $pass_access_scheme;',
    '',
    'proxy_set_header X-Scheme               $pass_access_scheme;',
    '',
    '# Pass the original X-Forwarded-For',
    'proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;',
    '',
    '# mitigate HTTPoxy Vulnerability',
    '# https://www.nginx.com/blog/mitigating-the-httpoxy-vulnerability-with-nginx/',
    'proxy_set_header Proxy                  "";',
    '',
    `proxy_connect_timeout                   ${settings.connectTimeout}s;`,
    `proxy_send_timeout                      ${settings.sendTimeout}s;`,
    `proxy_read_timeout                      ${settings.readTimeout}s;`,
    '',
    'proxy_http_version                      1.1;',
    '',
    '# In case of errors try the next upstream server before returning an error',
    `proxy_next_upstream                     ${settings.nextUpstream};`,
    'proxy_next_upstream_timeout             0;',
    `proxy_next_upstream_tries               ${settings.nextUpstreamTries};`,
    '',
    ...(redirect ? [`return ${redirect.code} ${redirect.url};`, ''] : []),
    ...(settings.rewriteTarget === '' ? [] : [`rewrite "(?i)${path}" ${settings.rewriteTarget} break;`]),
    ...(settings.rewriteTarget === '' || settings.forwardedPrefix === ''
      ? []
      : [`proxy_set_header X-Forwarded-Prefix "${settings.forwardedPrefix}";`]),
    `proxy_pass ${settings.backendProtocol.toLowerCase()}://upstream_balancer;`,
    '',
    'proxy_redirect                          off;',
  ]
}

/** The internal location that asks another server. */
function authBlock(location: Location): string[] {
  const { external } = location.settings
  if (!external) return []
  const lines = [
    'internal;',
    '',
    'proxy_pass_request_body     off;',
    'proxy_set_header            Content-Length          "";',
    'proxy_set_header            X-Original-URL          $scheme://$http_host$request_uri;',
    'proxy_set_header            X-Original-Method       $request_method;',
    'proxy_set_header            X-Sent-From             "nginx-ingress-controller";',
    'proxy_set_header            X-Real-IP               $remote_addr;',
    '',
    `set $target ${external.url};`,
    'proxy_pass $target;',
  ]
  return [`\t\tlocation = ${authPath(location)} {`, ...lines.map(line => `\t\t\t${line}`), '\t\t}', '\t\t']
}

function authPath({ path, isExact }: Location): string {
  return `/_external-auth-${btoa(path).replaceAll('=', '')}-${isExact ? 'Exact' : 'Prefix'}`
}

function limitLines({ ingress, settings: { limits } }: Location): string[] {
  if (!limits || !ingress) return []
  const { namespace, name, uid } = ingress.metadata
  const line = (unit: string, rate: number) =>
    rate > 0 ? [`limit_req zone=${namespace}_${name}_${uid}_${unit} burst=${rate * limits.burst} nodelay;`] : []
  return [...line('rps', limits.perSecond), ...line('rpm', limits.perMinute)]
}

function corsLines(cors: Cors): string[] {
  const headers = [
    `more_set_headers 'Access-Control-Allow-Origin: ${cors.origins.includes('*') ? '*' : '$http_origin'}';`,
    ...(cors.credentials ? ["more_set_headers 'Access-Control-Allow-Credentials: true';"] : []),
    `more_set_headers 'Access-Control-Allow-Methods: ${cors.methods}';`,
    `more_set_headers 'Access-Control-Allow-Headers: ${cors.headers}';`,
    `more_set_headers 'Access-Control-Max-Age: ${cors.maxAge}';`,
  ]
  return [
    '# Cors Preflight methods needs additional options and different Return Code',
    "if ($request_method = 'OPTIONS') {",
    ...headers.map(line => `\t${line}`),
    "\tmore_set_headers 'Content-Type: text/plain charset=UTF-8';",
    "\tmore_set_headers 'Content-Length: 0';",
    '\treturn 204;',
    '}',
    '',
    ...headers,
    '',
  ]
}

function tail(): string[] {
  return [
    '\t# backend for when default-backend-service is not configured or it does not have endpoints',
    '\tserver {',
    '\t\tlisten 8181 default_server reuseport backlog=4096;',
    '\t\t',
    '\t\tset $proxy_upstream_name "internal";',
    '\t\t',
    '\t\taccess_log off;',
    '\t\t',
    '\t\tlocation / {',
    '\t\t\treturn 404;',
    '\t\t}',
    '\t}',
    '}',
    '',
  ]
}
