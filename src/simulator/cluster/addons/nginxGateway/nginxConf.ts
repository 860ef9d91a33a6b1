import type { DataPlane, DataPlaneLocation, DataPlaneMatch, DataPlaneServer } from './dataPlane.ts'
import type { PathChange } from './types.ts'

// Simplified: the file has the blocks that say what happens to requests; the njs module that compares headers, methods
// and parameters is told of in comments. What is served follows the same model, not the text.
/** The text of /etc/nginx/conf.d/http.conf. */
export function httpConf({ servers, upstreams }: DataPlane): string {
  const ports = [...new Set(servers.map(({ port }) => port))].sort((one, other) => one - other)
  return [
    ...ports.flatMap(port => defaultServer(port, servers)),
    ...servers.flatMap(serverBlock),
    ...Object.entries(upstreams).flatMap(([name, addresses]) => [
      `upstream ${name} {`,
      '    random two least_conn;',
      `    zone ${name} 512k;`,
      '',
      ...(addresses.length > 0
        ? addresses.map(address => `    server ${address};`)
        : ['    server unix:/var/run/nginx/nginx-503-server.sock;']),
      '}',
      '',
    ]),
    'upstream invalid-backend-ref {',
    '    random two least_conn;',
    '',
    '    server unix:/var/run/nginx/nginx-500-server.sock;',
    '}',
    '',
    ...servers.flatMap(({ locations }) => locations.flatMap(({ matches }) => matches.flatMap(splitClients))),
  ].join('\n')
}

function defaultServer(port: number, servers: readonly DataPlaneServer[]): string[] {
  const own = servers.filter(each => each.port === port)
  if (own.some(({ hostname }) => hostname === '')) return []
  const isTls = own.some(({ certificates }) => certificates)
  return [
    'server {',
    `    listen ${port}${isTls ? ' ssl' : ''} default_server;`,
    ...(isTls ? ['    ssl_reject_handshake on;'] : ['    default_type text/html;', '    return 404;']),
    '}',
    '',
  ]
}

function serverBlock({ port, hostname, certificates, locations }: DataPlaneServer): string[] {
  return [
    'server {',
    `    listen ${port}${certificates ? ' ssl' : ''}${hostname === '' ? ' default_server' : ''};`,
    `    server_name ${hostname === '' ? '~^' : hostname};`,
    '',
    ...(certificates
      ? [
          '    ssl_certificate /etc/nginx/secrets/ssl_keypair.pem;',
          '    ssl_certificate_key /etc/nginx/secrets/ssl_keypair.pem;',
          '',
        ]
      : []),
    ...locations.flatMap(locationBlock),
    ...(locations.some(({ path }) => path === '/') ? [] : ['    location / {', '        return 404 "";', '    }']),
    '}',
    '',
  ]
}

function locationBlock({ type, path, matches }: DataPlaneLocation): string[] {
  const names =
    type === 'Exact'
      ? [`= ${path}`]
      : type === 'RegularExpression'
        ? [`~ ${path}`]
        : path === '/'
          ? ['/']
          : [`${path.replace(/\/$/, '')}/`, `= ${path.replace(/\/$/, '')}`]
  return names.flatMap(name => [
    `    location ${name} {`,
    ...matches.flatMap(match => [...conditionLines(match), ...actionLines(match, path)]),
    '    }',
    '',
  ])
}

function conditionLines({ method, headers, parameters }: DataPlaneMatch): string[] {
  const parts = [
    ...(method === undefined ? [] : [`method ${method}`]),
    ...headers.map(({ name, value, isPattern }) => `header ${name} ${isPattern ? '~' : '='} ${value}`),
    ...parameters.map(({ name, value, isPattern }) => `parameter ${name} ${isPattern ? '~' : '='} ${value}`),
  ]
  return parts.length > 0 ? [`        # when ${parts.join(', ')}`] : []
}

function actionLines(match: DataPlaneMatch, path: string): string[] {
  const { redirect, backends, requestHeaders, responseHeaders, rewrite } = match
  if (redirect) {
    const port = redirect.port === undefined ? '' : `:${redirect.port}`
    const changed = rewriteLine(redirect.path, path)
    const uri = changed.length > 0 ? '$uri$is_args$args' : '$request_uri'
    return [
      ...changed,
      `        return ${redirect.statusCode} ${redirect.scheme ?? '$scheme'}://${redirect.hostname ?? '$host'}${port}${uri};`,
    ]
  }
  const target = backends.length > 1 ? `$${variable(match)}` : (backends[0]?.upstream ?? 'invalid-backend-ref')
  return [
    '        proxy_http_version 1.1;',
    ...rewriteLine(rewrite?.path, path),
    ...(requestHeaders.set ?? []).map(({ name, value }) => `        proxy_set_header ${name} "${value}";`),
    ...(requestHeaders.add ?? []).map(
      ({ name, value }) =>
        `        proxy_set_header ${name} "\${${name.toLowerCase().replaceAll('-', '_')}_header_var}${value}";`,
    ),
    ...(requestHeaders.remove ?? []).map(name => `        proxy_set_header ${name} "";`),
    `        proxy_set_header Host "${rewrite?.hostname ?? '$gw_api_compliant_host'}";`,
    '        proxy_set_header X-Forwarded-For "$proxy_add_x_forwarded_for";',
    '        proxy_set_header X-Real-IP "$remote_addr";',
    '        proxy_set_header X-Forwarded-Proto "$scheme";',
    '        proxy_set_header X-Forwarded-Host "$host";',
    '        proxy_set_header X-Forwarded-Port "$server_port";',
    '        proxy_set_header Upgrade "$http_upgrade";',
    '        proxy_set_header Connection "$connection_upgrade";',
    ...(responseHeaders.add ?? []).map(({ name, value }) => `        add_header ${name} "${value}" always;`),
    ...(responseHeaders.set ?? []).flatMap(({ name, value }) => [
      `        proxy_hide_header ${name};`,
      `        add_header ${name} "${value}" always;`,
    ]),
    ...(responseHeaders.remove ?? []).map(name => `        proxy_hide_header ${name};`),
    `        proxy_pass http://${target}${rewrite?.path ? '' : '$request_uri'};`,
  ]
}

function rewriteLine(change: PathChange | undefined, path: string): string[] {
  if (!change) return []
  if (change.type === 'ReplaceFullPath') return [`        rewrite ^ ${change.replaceFullPath} break;`]
  const [from, to] = [path, change.replacePrefixMatch ?? '/'].map(text => text.replace(/\/$/, ''))
  return [`        rewrite ^${from}(?:/(.*))?$ ${to}/$1 break;`]
}

function splitClients(match: DataPlaneMatch): string[] {
  const { backends } = match
  const total = backends.reduce((sum, { weight }) => sum + weight, 0)
  if (backends.length < 2 || total === 0) return []
  return [
    `split_clients $request_id $${variable(match)} {`,
    ...backends.map(({ upstream, weight }) => `    ${((100 * weight) / total).toFixed(2)}% ${upstream};`),
    '}',
    '',
  ]
}

function variable({ route }: DataPlaneMatch): string {
  return `group_${route.replace(/[/-]/g, '_')}`
}
