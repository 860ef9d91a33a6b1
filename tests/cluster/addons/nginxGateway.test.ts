import { beforeAll, expect, test } from 'vitest'
import { Lab } from '../../../src/simulator/lab.ts'
import { readLabSettings } from '../../../src/simulator/labDefinition.ts'

type Json = Record<string, unknown>

let lab: Lab
let node = ''
let plainPort = ''
let securePort = ''

async function run(command: string) {
  return lab.run(command)
}

/** Applies an object of the Gateway API and waits until nginx knows of it. */
async function apply(kind: string, name: string, spec: Json, namespace = 'default', version = 'v1'): Promise<string> {
  const apiVersion = `gateway.networking.k8s.io/${version}`
  lab.saveFile('object.json', JSON.stringify({ apiVersion, kind, metadata: { name, namespace }, spec }))
  const { stdout, stderr } = await run('kubectl apply -f object.json')
  await run('sleep 1')
  return stdout + stderr
}

async function route(name: string, host: string, rules: readonly Json[], more: Json = {}): Promise<void> {
  await apply('HTTPRoute', name, { parentRefs: [{ name: 'gate' }], hostnames: [host], rules, ...more })
}

function to(name: string, weight?: number): Json {
  return { name, port: 80, ...(weight !== undefined && { weight }) }
}

/** Asks the Gateway for a URL through its node port, with real packets from the workstation. */
async function ask(url: string, options = ''): Promise<string> {
  const { stdout } = await run(`curl -s --connect-to ::${node}:${plainPort} ${options} '${url}'`)
  return stdout
}

async function status(url: string, options = ''): Promise<string> {
  return ask(url, `-o /dev/null -w '%{http_code}' ${options}`)
}

function hostname(answer: string): string | undefined {
  return /^Hostname: (.+)-[a-z0-9]+-[a-z0-9]+$/m.exec(answer)?.[1]
}

/** `type=status reason` of each condition; of the parent of a route, or of a Gateway. */
async function conditions(what: string, path: string): Promise<string[]> {
  const { stdout } = await run(`kubectl get ${what} -o jsonpath='{${path}}'`)
  const found = JSON.parse(stdout || '[]') as { type: string; status: string; reason: string }[]
  return found.map(each => `${each.type}=${each.status} ${each.reason}`)
}

beforeAll(async () => {
  lab = await Lab.boot({ cluster: readLabSettings({ addons: 'nginx-gateway' }), files: {} }, 1)
  for (const name of ['one', 'two']) {
    await run(`kubectl create deployment ${name} --image=traefik/whoami:v1.11`)
    await run(`kubectl expose deployment ${name} --port=80`)
  }
  await run(
    'openssl req -x509 -nodes -newkey rsa:2048 -keyout tls.key -out tls.crt -subj /CN=secure.example -addext subjectAltName=DNS:secure.example; kubectl create secret tls certificate --cert=tls.crt --key=tls.key',
  )
  const https = { port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'certificate' }] } }
  await apply('Gateway', 'gate', {
    gatewayClassName: 'nginx',
    listeners: [
      { name: 'http', port: 80, protocol: 'HTTP' },
      { name: 'https', hostname: 'secure.example', ...https },
    ],
  })
  await run('kubectl wait --for=condition=Available deployment --all --timeout=90s')
  node = (
    await run("kubectl get pods -l gateway.networking.k8s.io/gateway-name=gate -o jsonpath='{.items[0].status.hostIP}'")
  ).stdout
  const ports = await run("kubectl get service gate-nginx -o jsonpath='{.spec.ports[*].nodePort}'")
  ;[plainPort = '', securePort = ''] = ports.stdout.split(' ')
}, 60_000)

test('the class is accepted, and a Gateway gets pods, a Service and its address', async () => {
  expect(await conditions('gatewayclass nginx', '.status.conditions')).toEqual([
    'Accepted=True Accepted',
    'SupportedVersion=True SupportedVersion',
    'ResolvedRefs=True ResolvedRefs',
  ])
  expect(await conditions('gateway gate', '.status.conditions')).toEqual([
    'Accepted=True Accepted',
    'Programmed=True Programmed',
  ])
  const { stdout: address } = await run("kubectl get service gate-nginx -o jsonpath='{.spec.clusterIP}'")
  expect((await run('kubectl get gateway gate --no-headers')).stdout).toMatch(
    new RegExp(`^gate +nginx +${address} +True `),
  )
})

test('hosts and paths lead to Services; a prefix ends where a part of the path ends', async () => {
  await route('paths', 'paths.example', [
    { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [to('one')] },
    { matches: [{ path: { type: 'PathPrefix', value: '/two/' } }], backendRefs: [to('two')] },
    { matches: [{ path: { type: 'Exact', value: '/two/one' } }], backendRefs: [to('one')] },
    { matches: [{ path: { type: 'RegularExpression', value: '^/v[0-9]+/x$' } }], backendRefs: [to('two')] },
  ])
  expect(hostname(await ask('http://paths.example/'))).toBe('one')
  expect(hostname(await ask('http://paths.example/two'))).toBe('two')
  expect(hostname(await ask('http://paths.example/two/more'))).toBe('two')
  expect(hostname(await ask('http://paths.example/twomore'))).toBe('one')
  expect(hostname(await ask('http://paths.example/two/one'))).toBe('one')
  expect(hostname(await ask('http://paths.example/v12/x'))).toBe('two')
  expect(await status('http://unknown.example/')).toBe('404')
  expect(await ask('http://paths.example/a?b=c')).toContain('GET /a?b=c HTTP/1.1')
})

test('the more a match asks for, the earlier it is tried; a method counts more than headers', async () => {
  await route('matches', 'matches.example', [
    { backendRefs: [to('one')] },
    { matches: [{ headers: [{ name: 'version', value: 'two' }] }], backendRefs: [to('two')] },
    { matches: [{ method: 'POST' }], backendRefs: [to('one')] },
    { matches: [{ queryParams: [{ name: 'v', value: '2' }] }], backendRefs: [to('two')] },
    { matches: [{ headers: [{ name: 'kind', value: '^t.o$', type: 'RegularExpression' }] }], backendRefs: [to('two')] },
    { matches: [{ path: { value: '/only' }, method: 'DELETE' }], backendRefs: [to('two')] },
  ])
  expect(hostname(await ask('http://matches.example/'))).toBe('one')
  expect(hostname(await ask('http://matches.example/', '-H version:two'))).toBe('two')
  expect(hostname(await ask('http://matches.example/', '-H version:two -X POST'))).toBe('one')
  expect(hostname(await ask('http://matches.example/?a=1&v=2'))).toBe('two')
  expect(hostname(await ask('http://matches.example/', '-H kind:too'))).toBe('two')
  expect(hostname(await ask('http://matches.example/only', '-X DELETE'))).toBe('two')
  expect(hostname(await ask('http://matches.example/only'))).toBe('one')
})

test('weights share requests out by chance', async () => {
  await route('split', 'split.example', [{ backendRefs: [to('one', 80), to('two', 20), to('one', 0)] }])
  let seconds = 0
  for (let i = 0; i < 100; i++) if (hostname(await ask('http://split.example/')) === 'two') seconds++
  expect(seconds).toBeGreaterThan(8)
  expect(seconds).toBeLessThan(35)
  await route('split', 'split.example', [{ backendRefs: [to('one', 0), to('two', 1)] }])
  for (let i = 0; i < 5; i++) expect(hostname(await ask('http://split.example/'))).toBe('two')
})

test('headers are set, added and removed on the way there and back', async () => {
  await route('headers', 'headers.example', [
    {
      filters: [
        {
          type: 'RequestHeaderModifier',
          requestHeaderModifier: {
            set: [{ name: 'X-Set', value: 'new' }],
            add: [{ name: 'X-Add', value: 'second' }],
            remove: ['X-Gone'],
          },
        },
        {
          type: 'ResponseHeaderModifier',
          responseHeaderModifier: { set: [{ name: 'X-Answer', value: 'yes' }], remove: ['Content-Type'] },
        },
      ],
      backendRefs: [to('one')],
    },
  ])
  const answer = await ask('http://headers.example/', '-i -H X-Set:old -H X-Add:first -H X-Gone:here')
  expect(answer).toContain('X-Set: new\n')
  expect(answer).toContain('X-Add: first,second\n')
  expect(answer).not.toContain('X-Gone')
  expect(answer).toContain('X-Answer: yes\r\n')
  expect(answer).not.toContain('Content-Type')
})

test('redirects change scheme, host and path, and rewrites only what the pod sees', async () => {
  const prefix = { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' }
  const redirect = (requestRedirect: Json) => [{ type: 'RequestRedirect', requestRedirect }]
  await route('changes', 'changes.example', [
    { matches: [{ path: { value: '/old' } }], filters: redirect({ path: prefix, statusCode: 301 }) },
    { matches: [{ path: { value: '/tls' } }], filters: redirect({ scheme: 'https', hostname: 'other.example' }) },
    {
      matches: [{ path: { value: '/api' } }],
      filters: [
        {
          type: 'URLRewrite',
          urlRewrite: { hostname: 'inner.example', path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } },
        },
      ],
      backendRefs: [to('one')],
    },
  ])
  const target = "-o /dev/null -w '%{http_code} %{redirect_url}'"
  expect(await ask('http://changes.example/old/x?q=1', target)).toBe('301 http://changes.example/new/x?q=1')
  expect(await ask('http://changes.example/tls', target)).toBe('302 https://other.example/tls')
  const rewritten = await ask('http://changes.example/api/x?q=1')
  expect(rewritten).toContain('GET /x?q=1 HTTP/1.1\nHost: inner.example\n')
  expect(await ask('http://changes.example/api')).toContain('GET / HTTP/1.1')
})

test('a mirror gets a copy, and its answer is nobody’s', async () => {
  await run('kubectl create deployment mirror --image=nginx:1.27; kubectl expose deployment mirror --port=80; sleep 10')
  const mirror = { type: 'RequestMirror', requestMirror: { backendRef: to('mirror') } }
  await route('mirrored', 'mirrored.example', [{ filters: [mirror], backendRefs: [to('one')] }])
  expect(hostname(await ask('http://mirrored.example/copied'))).toBe('one')
  expect((await run('kubectl logs deploy/mirror')).stdout).toContain('"GET /copied HTTP/1.1" 404')
})

test('TLS ends at the listener whose host is asked for; other names are refused', async () => {
  await route('secure', 'secure.example', [{ backendRefs: [to('one')] }])
  const good = await run(`curl -s --cacert tls.crt --connect-to ::${node}:${securePort} https://secure.example/`)
  expect(hostname(good.stdout)).toBe('one')
  expect(good.stdout).toContain('X-Forwarded-Proto: https')
  const bad = await run(`curl -s -S -k --connect-to ::${node}:${securePort} https://else.example/`)
  expect(bad.stderr).toContain('tlsv1 unrecognized name')
})

test('a backend that is not there answers 500, one without endpoints 503, and the status tells the first', async () => {
  await run('kubectl create service clusterip empty --tcp=80')
  await route('broken', 'broken.example', [
    { matches: [{ path: { value: '/nothing' } }], backendRefs: [to('nothing')] },
    { matches: [{ path: { value: '/empty' } }], backendRefs: [to('empty')] },
    { matches: [{ path: { value: '/none' } }], filters: [] },
  ])
  expect(await status('http://broken.example/nothing')).toBe('500')
  expect(await status('http://broken.example/empty')).toBe('503')
  expect(await status('http://broken.example/none')).toBe('500')
  expect(await conditions('httproute broken', '.status.parents[0].conditions')).toEqual([
    'Accepted=True Accepted',
    'ResolvedRefs=False BackendNotFound',
  ])
  const { stdout } = await run("kubectl get httproute broken -o jsonpath='{.status.parents[0].conditions[1].message}'")
  expect(stdout).toBe('spec.rules[0].backendRefs[0].name: Not found: "nothing"')
})

test('references into other namespaces need a ReferenceGrant', async () => {
  await run(
    'kubectl create namespace store; kubectl create deployment -n store shelf --image=traefik/whoami:v1.11; kubectl expose -n store deployment shelf --port=80; sleep 8',
  )
  const backendRefs = [{ name: 'shelf', namespace: 'store', port: 80 }]
  await route('crossing', 'crossing.example', [{ backendRefs }])
  expect(await status('http://crossing.example/')).toBe('500')
  expect(await conditions('httproute crossing', '.status.parents[0].conditions')).toContain(
    'ResolvedRefs=False RefNotPermitted',
  )
  await apply(
    'ReferenceGrant',
    'allowed',
    {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default' }],
      to: [{ group: '', kind: 'Service' }],
    },
    'store',
    'v1beta1',
  )
  expect(hostname(await ask('http://crossing.example/'))).toBe('shelf')
})

test('a route is taken by listeners that allow its namespace, its host and its name', async () => {
  const parent = '.status.parents[0].conditions'
  const foreign = { parentRefs: [{ name: 'gate', namespace: 'default' }], rules: [{ backendRefs: [to('shelf')] }] }
  await apply('HTTPRoute', 'foreign', foreign, 'store')
  expect((await conditions('httproute -n store foreign', parent))[0]).toBe('Accepted=False NotAllowedByListeners')
  await route('unnamed', 'x.example', [{ backendRefs: [to('one')] }], {
    parentRefs: [{ name: 'gate', sectionName: 'nope' }],
  })
  expect((await conditions('httproute unnamed', parent))[0]).toBe('Accepted=False NoMatchingParent')
  await route('unhosted', 'x.example', [{ backendRefs: [to('one')] }], {
    parentRefs: [{ name: 'gate', sectionName: 'https' }],
  })
  expect((await conditions('httproute unhosted', parent))[0]).toBe('Accepted=False NoMatchingListenerHostname')
})

test('a Gateway opens more ports, and says what is wrong with a listener', async () => {
  await apply('Gateway', 'second', {
    gatewayClassName: 'nginx',
    listeners: [
      { name: 'all', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } },
      { name: 'lost', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'nowhere' }] } },
      { name: 'raw', port: 9000, protocol: 'TCP' },
    ],
  })
  await run('sleep 20')
  expect((await conditions('gateway second', '.status.conditions'))[0]).toBe('Accepted=True ListenersNotValid')
  expect(await conditions('gateway second', '.status.listeners[1].conditions')).toContain(
    'ResolvedRefs=False InvalidCertificateRef',
  )
  expect(await conditions('gateway second', '.status.listeners[2].conditions')).toContain(
    'Accepted=False UnsupportedProtocol',
  )
  await apply(
    'HTTPRoute',
    'foreign',
    { parentRefs: [{ name: 'second', namespace: 'default' }], rules: [{ backendRefs: [to('shelf')] }] },
    'store',
  )
  const inside = await run(
    'kubectl exec deploy/second-nginx -c nginx -- wget -qO- http://127.0.0.1/ 2>/dev/null | head -1',
  )
  expect(hostname(inside.stdout)).toBe('shelf')
  await run('kubectl delete gateway second; sleep 5')
  expect((await run('kubectl get deployment,service,configmap,secret -o name | grep second')).stdout).toBe('')
})

test('what the controller does not act on is told in a status', async () => {
  await apply('GRPCRoute', 'calls', { parentRefs: [{ name: 'gate' }], rules: [{ backendRefs: [to('one')] }] })
  expect(await conditions('grpcroute calls', '.status.parents[0].conditions')).toEqual([
    'Accepted=False UnsupportedConfiguration',
  ])
  await apply('GatewayClass', 'mine', { controllerName: 'gateway.nginx.org/nginx-gateway-controller' })
  expect((await conditions('gatewayclass mine', '.status.conditions'))[0]).toBe('Accepted=False GatewayClassConflict')
  await apply('Gateway', 'fixed', {
    gatewayClassName: 'nginx',
    addresses: [{ value: '192.0.2.1' }],
    listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
  })
  expect((await conditions('gateway fixed', '.status.conditions'))[1]).toBe('Programmed=False AddressNotUsable')
  await run('kubectl delete gateway fixed; kubectl delete gatewayclass mine; sleep 5')
})

test('nginx follows the pods, and its configuration can be read', async () => {
  await run('kubectl delete pod -l app=one; sleep 10')
  expect(hostname(await ask('http://paths.example/'))).toBe('one')
  const { stdout } = await run('kubectl exec deploy/gate-nginx -c nginx -- cat /etc/nginx/conf.d/http.conf')
  expect(stdout).toContain('server_name paths.example;')
  expect(stdout).toMatch(/upstream default_one_80 \{\n[^}]+ server 10\.244\.\d\.\d+:80;/)
  expect((await run('kubectl logs deploy/gate-nginx -c nginx')).stdout).toMatch(
    /- - \[[^\]]+\] "GET \/two HTTP\/1\.1" 200 \d+ "-" "curl\/[\d.]+" "-"/,
  )
})

test('nginx goes on without its control plane, and learns what has changed when it is back', async () => {
  await run('kubectl scale deployment -n nginx-gateway nginx-gateway --replicas=0; sleep 5')
  await route('late', 'late.example', [{ backendRefs: [to('one')] }])
  expect(await status('http://paths.example/')).toBe('200')
  expect(await status('http://late.example/')).toBe('404')
  await run('kubectl scale deployment -n nginx-gateway nginx-gateway --replicas=1; sleep 60')
  expect(await status('http://late.example/')).toBe('200')
})
