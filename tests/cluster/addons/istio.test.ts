import { beforeAll, describe, expect, test } from 'vitest'
import { clientContainer, deploymentYaml, echoContainer, MeshLab, serviceYaml } from './mesh/fixture.ts'

const readiness = ', readinessProbe: {httpGet: {path: /, port: 5678}}'
const status = 'curl -s -o /dev/null -w "%{http_code}\\n"'

const app = [
  deploymentYaml('web-v1', echoContainer('v1', readiness), { app: 'web', version: 'v1' }),
  deploymentYaml('web-v2', echoContainer('v2'), { app: 'web', version: 'v2' }),
  serviceYaml('web', '{name: http, port: 80, targetPort: 5678}'),
  deploymentYaml('who', '{name: who, image: "traefik/whoami:latest"}'),
  serviceYaml('who', '{name: http, port: 80}'),
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: front}\ndata:\n  default.conf: "server { listen 80; location / { proxy_pass http://who; proxy_set_header Host who; } }"\n---\n',
  deploymentYaml(
    'front',
    '{name: web, image: "nginx:1.27", volumeMounts: [{name: c, mountPath: /etc/nginx/conf.d}]}\n      volumes: [{name: c, configMap: {name: front}}]',
  ),
  serviceYaml('front', '{name: http, port: 80}'),
  deploymentYaml('redis', '{name: redis, image: "redis:7", readinessProbe: {tcpSocket: {port: 6379}}}'),
  serviceYaml('redis', '{name: tcp-redis, port: 6379}'),
  deploymentYaml('client', clientContainer),
  deploymentYaml('plain', clientContainer, { app: 'plain', 'sidecar.istio.io/inject': 'false' }),
].join('')

function rule(kind: string, name: string, spec: string): string {
  const group = kind === 'PeerAuthentication' || kind === 'AuthorizationPolicy' ? 'security' : 'networking'
  return `apiVersion: ${group}.istio.io/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n---\n`
}

const subsets = '{host: web, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}'

const files: Record<string, string> = {
  'app.yaml': app,
  'strict.yaml': rule('PeerAuthentication', 'default', '{mtls: {mode: STRICT}}'),
  'split.yaml':
    rule('DestinationRule', 'web', subsets) +
    rule(
      'VirtualService',
      'web',
      '{hosts: [web], http: [{match: [{headers: {x-user: {exact: jason}}}], route: [{destination: {host: web, subset: v2}}]},' +
        ' {route: [{destination: {host: web, subset: v1}, weight: 90}, {destination: {host: web, subset: v2}, weight: 10}]}]}',
    ),
  'bad.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web-bad, labels: {app: web}}\n' +
    'spec: {containers: [{name: web, image: "busybox:1.36", command: [sleep, infinity]}]}\n',
  'retry.yaml': rule(
    'VirtualService',
    'web',
    '{hosts: [web], http: [{route: [{destination: {host: web}}], retries: {attempts: 3, retryOn: "5xx"}}]}',
  ),
  'outlier.yaml': rule(
    'DestinationRule',
    'web',
    '{host: web, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 2, baseEjectionTime: 30s, maxEjectionPercent: 100}}}',
  ),
  'patience.yaml': rule(
    'VirtualService',
    'who',
    '{hosts: [who], http: [{match: [{uri: {prefix: /quick}}], timeout: 1s, rewrite: {uri: /}, route: [{destination: {host: who}}]},' +
      ' {match: [{uri: {prefix: /late}}], fault: {delay: {percentage: {value: 100}, fixedDelay: 3s}}, route: [{destination: {host: who}}]},' +
      ' {match: [{uri: {prefix: /never}}], fault: {abort: {percentage: {value: 100}, httpStatus: 418}}, route: [{destination: {host: who}}]},' +
      ' {route: [{destination: {host: who}}]}]}',
  ),
  'breaker.yaml': rule(
    'DestinationRule',
    'who',
    '{host: who, trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1}}}}',
  ),
  'edge.yaml':
    rule(
      'Gateway',
      'edge',
      '{selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [web.example.com]},' +
        ' {port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: web-tls}, hosts: [web.example.com]}]}',
    ) +
    rule(
      'VirtualService',
      'edge',
      '{hosts: [web.example.com], gateways: [edge], http: [{match: [{uri: {prefix: /who}}], route: [{destination: {host: who}}]},' +
        ' {route: [{destination: {host: web}}]}]}',
    ),
  'access.yaml': rule(
    'AuthorizationPolicy',
    'who',
    '{selector: {matchLabels: {app: who}}, rules: [{to: [{operation: {methods: [GET]}}]}]}',
  ),
}

interface Span {
  readonly id: string
  readonly parentId?: string
  readonly kind: string
  readonly name: string
  readonly localEndpoint: { readonly serviceName: string }
}

function spanText({ id, parentId, kind, name, localEndpoint }: Span): string {
  return `${kind} ${localEndpoint.serviceName} ${name} ${id}${parentId === undefined ? '' : ` of ${parentId}`}`
}

async function boot(seed = 1): Promise<MeshLab> {
  const mesh = await MeshLab.boot('istio', files, seed)
  await mesh.run('kubectl label namespace default istio-injection=enabled')
  await mesh.apply('app.yaml')
  await mesh.lab.advance(20_000)
  return mesh
}

describe('a pod in a namespace with injection', () => {
  let mesh: MeshLab
  beforeAll(async () => {
    mesh = await boot()
  }, 60_000)

  test('gets the two containers of Istio, one before the other, and one that says no gets none', async () => {
    const names = (app: string) =>
      mesh.run(`kubectl get pods -l app=${app} -o jsonpath='{.items[0].spec.initContainers[*].name}'`)
    expect(await names('who')).toBe('istio-init istio-proxy')
    expect(await names('plain')).toBe('')
    expect(await mesh.run('kubectl get pods -l app=who --no-headers')).toMatch(/ 2\/2 +Running /)
  })

  test('has the rules that turn its connections to the proxy', async () => {
    const inEach = 'for n in $(ip netns list | cut -d" " -f1); do sudo ip netns exec $n iptables-save -t nat; done'
    const text = await mesh.run(`ssh node1 '${inEach}'; ssh node2 '${inEach}'`)
    const [first = ''] = text.split('COMMIT\n').filter(table => table.includes('ISTIO'))
    expect(first.split('\n').filter(line => /^(-A|:ISTIO)/.test(line))).toEqual([
      ':ISTIO_INBOUND - [0:0]',
      ':ISTIO_IN_REDIRECT - [0:0]',
      ':ISTIO_OUTPUT - [0:0]',
      ':ISTIO_REDIRECT - [0:0]',
      '-A PREROUTING -p tcp -j ISTIO_INBOUND',
      '-A OUTPUT -j ISTIO_OUTPUT',
      '-A ISTIO_INBOUND -p tcp -m tcp --dport 15008 -j RETURN',
      '-A ISTIO_INBOUND -p tcp -m tcp --dport 15090 -j RETURN',
      '-A ISTIO_INBOUND -p tcp -m tcp --dport 15021 -j RETURN',
      '-A ISTIO_INBOUND -p tcp -m tcp --dport 15020 -j RETURN',
      '-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT',
      '-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006',
      '-A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN',
      '-A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp -m tcp ! --dport 15008 -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT',
      '-A ISTIO_OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN',
      '-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN',
      '-A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp -m tcp ! --dport 15008 -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT',
      '-A ISTIO_OUTPUT -o lo -m owner ! --gid-owner 1337 -j RETURN',
      '-A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN',
      '-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN',
      '-A ISTIO_OUTPUT -j ISTIO_REDIRECT',
      '-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001',
    ])
  })

  test('does not begin when its rules cannot be made', async () => {
    const annotation = '{"metadata":{"annotations":{"traffic.sidecar.istio.io/excludeOutboundIPRanges":"/32"}}}'
    await mesh.run(`kubectl run odd --image=nginx:1.27 --overrides='${annotation}'`)
    await mesh.lab.advance(5000)
    expect(await mesh.run('kubectl logs odd -c istio-init | tail -2')).toMatch(
      /error\tiptables-restore v1\.8\.10 \(nf_tables\): host\/network `\/32' not found\nError occurred at line: \d+\n/,
    )
    expect(await mesh.run('kubectl get pod odd --no-headers')).toMatch(/ 0\/2 +Init:(Error|CrashLoopBackOff) /)
    await mesh.run('kubectl delete pod odd --now')
  })

  test('is asked by the kubelet through its agent', async () => {
    const probe = "jsonpath='{.items[0].spec.containers[0].readinessProbe.httpGet}'"
    expect(await mesh.run(`kubectl get pods -l version=v1 -o ${probe}`)).toBe(
      '{"path":"/app-health/web/readyz","port":15020,"scheme":"HTTP"}',
    )
    expect(await mesh.run('kubectl get endpoints web -o jsonpath="{.subsets[*].addresses[*].ip}"')).toMatch(/\S+ \S+/)
  })

  test('speaks mutual TLS with another one, so that nobody on the node reads along', async () => {
    const capture = 'sudo timeout 3 tcpdump -nn -A -i any tcp port 80'
    for (const node of ['node1', 'node2']) await mesh.run(`ssh ${node} '${capture} > /tmp/seen 2>&1' &`)
    const answer = await mesh.client('curl -s -H "x-secret: abracadabra" http://who')
    await mesh.lab.advance(4000)
    const dump = await mesh.run("ssh node1 'cat /tmp/seen'; ssh node2 'cat /tmp/seen'")
    expect(answer).toContain('X-Secret: abracadabra')
    expect(answer).toContain('URI=spiffe://cluster.local/ns/default/sa/default')
    expect(dump).toContain('outbound_.80_._.who.default.svc.cluster.local')
    expect(dump).not.toContain('abracadabra')
  })

  test('answers one without a proxy as long as it need not be strict', async () => {
    const ask = "kubectl exec deploy/plain -- curl -sSi -H 'x-secret: abracadabra' http://who"
    const answer = await mesh.run(ask)
    expect(answer).toContain('HTTP/1.1 200 OK')
    expect(answer).toContain('server: istio-envoy')
    expect(answer).not.toContain('X-Forwarded-Client-Cert')
    await mesh.apply('strict.yaml')
    expect(await mesh.run(ask)).toBe(
      'curl: (56) Recv failure: Connection reset by peer\ncommand terminated with exit code 56\n',
    )
    expect(await mesh.client('curl -s http://web')).toMatch(/^v[12]\n$/)
  })

  test('passes on what is no HTTP, over mutual TLS too', async () => {
    expect(await mesh.client('printf "PING\\r\\n" | nc -w 2 redis 6379')).toBe('+PONG\r\n')
    expect(await mesh.run('kubectl logs deploy/redis -c istio-proxy | tail -1')).toMatch(
      /"- - -" 0 - - - "-" 6 7 \d+ - "-" "-" "-" "-" "\S+:6379" inbound\|6379\|\| 127\.0\.0\.6:\d+ \S+:6379 \S+ outbound_\.6379_\._\.redis\.default\.svc\.cluster\.local -\n/,
    )
  })

  test('lets a Job end, and its proxy with it', async () => {
    await mesh.run('kubectl create job once --image=nicolaka/netshoot:v0.13 -- curl -s http://web')
    await mesh.lab.advance(20_000)
    expect(await mesh.run('kubectl get pods -l job-name=once --no-headers')).toMatch(/ 0\/2 +Completed /)
    expect(await mesh.run('kubectl logs job/once')).toMatch(/^v[12]\n$/)
  })

  test('is measured and logged on both sides', async () => {
    await mesh.client('curl -s http://who')
    const mine = await mesh.client('curl -s localhost:15020/stats/prometheus | grep ^istio_requests_total.*who')
    expect(mine).toMatch(
      /^istio_requests_total\{reporter="source",source_workload="client",.*destination_service="who.default.svc.cluster.local",.*response_code="200",.*connection_security_policy="unknown"\} \d+\n$/,
    )
    const other = await mesh.run(
      'kubectl exec deploy/who -c istio-proxy -- pilot-agent request GET stats/prometheus | grep ^istio_requests_total | grep mutual_tls',
    )
    expect(other).toContain('reporter="destination",source_workload="client"')
    expect(await mesh.run('kubectl logs deploy/who -c istio-proxy | tail -1')).toMatch(
      /^\[\S+Z\] "GET \/ HTTP\/1.1" 200 - via_upstream - "-" 0 \d+ \d+ \d+ "-" "curl\/\S+" "[0-9a-f-]{36}" "who" "10\.244\.\S+:80" inbound\|80\|\| 127\.0\.0\.6:\d+ 10\.244\.\S+:80 10\.244\.\S+:\d+ outbound_\.80_\._\.who\.default\.svc\.cluster\.local default\n/,
    )
  })

  test('leaves spans that belong together', async () => {
    await mesh.client('curl -s http://front')
    await mesh.lab.advance(10_000)
    const zipkin = 'http://zipkin.istio-system:9411/api/v2'
    const ask = (path: string) => mesh.run(`kubectl exec deploy/plain -- curl -s '${zipkin}/${path}'`)
    expect(JSON.parse(await ask('services'))).toEqual([
      'client.default',
      'front.default',
      'once.default',
      'web.default',
      'who.default',
    ])
    const [trace] = JSON.parse(await ask('traces?serviceName=front.default&limit=1'))
    const [first, second] = [trace[0].id, trace[2].id]
    expect(trace.map(spanText)).toEqual([
      `CLIENT client.default front.default.svc.cluster.local:80/* ${first}`,
      `SERVER front.default front.default.svc.cluster.local:80/* ${first}`,
      `CLIENT front.default who.default.svc.cluster.local:80/* ${second} of ${first}`,
      `SERVER who.default who.default.svc.cluster.local:80/* ${second} of ${first}`,
    ])
    const links = JSON.parse(await ask('dependencies?endTs=1'))
    expect(links).toContainEqual({ parent: 'client.default', child: 'front.default', callCount: 1 })
    expect(links).toContainEqual({ parent: 'front.default', child: 'who.default', callCount: 1 })
  })

  test('lets in only what a policy allows, once there is one', async () => {
    expect(await mesh.client(`${status} -X POST http://who`)).toBe('200\n')
    await mesh.apply('access.yaml')
    expect(await mesh.client(`${status} http://who`)).toBe('200\n')
    expect(await mesh.client('curl -s -X POST http://who')).toBe('RBAC: access denied')
  })
})

describe('traffic', () => {
  let mesh: MeshLab
  beforeAll(async () => {
    mesh = await boot()
  }, 60_000)

  test('is split by weights and by headers', async () => {
    await mesh.apply('split.yaml')
    expect(await mesh.count(60, 'curl -s http://web')).toMatch(/^[45]\d v1, \d+ v2$/)
    expect(await mesh.count(5, 'curl -s -H "x-user: jason" http://web')).toBe('5 v2')
    await mesh.run('kubectl delete -f split.yaml')
    await mesh.lab.advance(2000)
  })

  test('takes another endpoint when one fails, if a rule says so', async () => {
    await mesh.apply('bad.yaml')
    expect(await mesh.count(20, `${status} http://web`)).toMatch(/^\d+ 200, \d+ 503$/)
    await mesh.apply('retry.yaml')
    expect(await mesh.count(20, `${status} http://web`)).toBe('20 200')
    await mesh.run('kubectl delete -f retry.yaml')
    await mesh.lab.advance(2000)
  })

  test('leaves an endpoint alone that has failed too often, and comes back to it', async () => {
    await mesh.apply('outlier.yaml')
    expect(await mesh.count(30, `${status} http://web`)).toMatch(/^2\d 200, 2 503$/)
    const clusters = 'kubectl exec deploy/client -c istio-proxy -- pilot-agent request GET clusters'
    expect(await mesh.run(`${clusters} | grep -c 'web.default.*failed_outlier_check'`)).toBe('1\n')
    await mesh.lab.advance(31_000)
    expect(await mesh.run(`${clusters} | grep -c 'web.default.*failed_outlier_check'`)).toMatch(/^0\n/)
  })

  test('waits no longer than a rule allows, and longer or in vain where a rule wants that', async () => {
    await mesh.apply('patience.yaml')
    const ask = (path: string) => mesh.client(`curl -s -w " %{http_code} %{time_total}" "http://who${path}" | tail -1`)
    expect(await ask('/quick?wait=5s')).toMatch(/^upstream request timeout 504 1\.00/)
    expect(await ask('/late')).toMatch(/ 200 3\.00/)
    expect(await ask('/never')).toMatch(/^fault filter abort 418 0\.00/)
    expect(await mesh.run('kubectl logs deploy/client -c istio-proxy | grep quick')).toContain(
      '504 UT response_timeout',
    )
  })

  test('is cut off where more waits than may wait', async () => {
    await mesh.apply('breaker.yaml')
    const all = `for i in 1 2 3 4; do ${status} "http://who/?wait=2s" & done; wait`
    expect((await mesh.client(all)).trim().split('\n').sort()).toEqual(['200', '200', '503', '503'])
    expect(
      await mesh.client(
        '(curl -s "http://who/?wait=2s" & curl -s "http://who/?wait=2s" & sleep 1; curl -s http://who) | grep reset',
      ),
    ).toContain('upstream connect error or disconnect/reset before headers. reset reason: overflow')
    expect(await mesh.run('kubectl logs deploy/client -c istio-proxy | grep -m1 UO')).toContain(
      '503 UO upstream_reset_before_response_started{overflow}',
    )
  })

  test('goes on while the control plane is away, but no pod begins', async () => {
    await mesh.run('kubectl scale deployment istiod -n istio-system --replicas=0')
    await mesh.lab.advance(40_000)
    expect(await mesh.client(`${status} http://who`)).toBe('200\n')
    await mesh.run('kubectl scale deployment web-v1 --replicas=2')
    await mesh.lab.advance(5000)
    expect(await mesh.run('kubectl get events')).toContain(
      'failed calling webhook "namespace.sidecar-injector.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s"',
    )
  })
})

describe('istioctl', () => {
  let mesh: MeshLab
  beforeAll(async () => {
    mesh = await boot()
  }, 60_000)

  test('counts the proxies and names them', async () => {
    expect(await mesh.run('istioctl version')).toBe(
      'client version: 1.27.3\ncontrol plane version: 1.27.3\ndata plane version: 1.27.3 (7 proxies)\n',
    )
    const [head, ...rows] = (await mesh.run('istioctl proxy-status')).trim().split('\n')
    expect(head).toMatch(/^NAME +CLUSTER +ISTIOD +VERSION +SUBSCRIBED TYPES$/)
    expect(rows.map(row => row.split('-')[0])).toEqual(['client', 'front', 'istio', 'redis', 'web', 'web', 'who'])
  })

  test('shows what a proxy has been told', async () => {
    await mesh.apply('split.yaml')
    const clusters = await mesh.run('istioctl proxy-config clusters deploy/client --fqdn web.default.svc.cluster.local')
    expect(clusters.split('\n').map(line => line.split(/ {2,}/))).toEqual([
      ['SERVICE FQDN', 'PORT', 'SUBSET', 'DIRECTION', 'TYPE', 'DESTINATION RULE'],
      ['web.default.svc.cluster.local', '80', '-', 'outbound', 'EDS', 'web.default'],
      ['web.default.svc.cluster.local', '80', 'v1', 'outbound', 'EDS', 'web.default'],
      ['web.default.svc.cluster.local', '80', 'v2', 'outbound', 'EDS', 'web.default'],
      [''],
    ])
    expect(await mesh.run('istioctl pc routes deploy/client --name 80')).toContain('web.default.svc.cluster.local:80')
    expect(
      await mesh.run("istioctl pc endpoints deploy/client --cluster 'outbound|80|v2|web.default.svc.cluster.local'"),
    ).toMatch(/\n10\.244\.\S+:5678 +HEALTHY +OK +outbound\|80\|v2\|web\.default\.svc\.cluster\.local\n$/)
    expect(await mesh.run('istioctl pc clusters deploy/plain')).toContain('container istio-proxy is not valid for pod')
  })

  test('finds a rule that leads nowhere', async () => {
    await mesh.run('kubectl delete destinationrule web')
    expect(await mesh.run('istioctl analyze')).toContain(
      'Error [IST0101] (VirtualService default/web) Referenced host+subset in destinationrule not found: "web+v2"\n',
    )
    expect(await mesh.run('istioctl dashboard')).toBe('Error: istioctl dashboard is not simulated here\n')
  })
})

describe('the gateway at the edge', () => {
  let mesh: MeshLab
  beforeAll(async () => {
    mesh = await boot()
    const make = 'openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=web.example.com -keyout k.pem -out c.pem -days 30'
    await mesh.run(`${make}; kubectl create secret tls web-tls -n istio-system --cert=c.pem --key=k.pem`)
    await mesh.apply('edge.yaml', 'strict.yaml')
  }, 60_000)

  const port = (name: string) =>
    `$(kubectl get service -n istio-system istio-ingressgateway -o jsonpath='{.spec.ports[?(@.name=="${name}")].nodePort}')`

  test('lets requests in by host and path, and on over mutual TLS', async () => {
    const ask = (host: string, path: string) =>
      mesh.run(`curl -si -H 'Host: ${host}' http://node1:${port('http2')}${path}`)
    expect(await ask('web.example.com', '/')).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*server: istio-envoy\r\n\r\nv[12]\n$/)
    const who = await ask('web.example.com', '/who')
    expect(who).toContain('URI=spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account')
    expect(who).toMatch(/X-Forwarded-For: \S+/)
    expect(await ask('other.example.com', '/')).toMatch(/^HTTP\/1.1 404 Not Found\r\n/)
    expect(await mesh.run('kubectl logs -n istio-system deploy/istio-ingressgateway | tail -1')).toContain(
      '404 NR route_not_found',
    )
  })

  test('speaks TLS with the certificate of a Secret, to those who ask for its host', async () => {
    const ask = (host: string) =>
      mesh.run(`curl -sSk --resolve ${host}:${port('https')}:192.168.64.11 https://${host}:${port('https')}/who`)
    expect(await ask('web.example.com')).toContain('X-Forwarded-Proto: https')
    expect(await ask('other.example.com')).toMatch(/^curl: \(35\)/)
  })

  test('closes its ports when nobody wants them any more', async () => {
    await mesh.run('kubectl delete gateway.networking.istio.io edge')
    await mesh.lab.advance(2000)
    expect(await mesh.run(`curl -sS -H 'Host: web.example.com' http://node1:${port('http2')}`)).toMatch(
      /^curl: \(7\) Failed to connect to node1 port \d+/,
    )
  })
})
