import { beforeAll, expect, test } from 'vitest'
import { Lab } from '../../../src/simulator/lab.ts'
import { readLabSettings } from '../../../src/simulator/labDefinition.ts'

let lab: Lab
let plainPort = ''
let securePort = ''

const annotation = (name: string) => `nginx.ingress.kubernetes.io/${name}`

interface Rule {
  readonly host?: string
  readonly path?: string
  readonly pathType?: string
  readonly service?: string
  readonly port?: number
}

/** Applies an Ingress and waits until nginx knows of it. */
async function apply(
  name: string,
  rules: readonly Rule[],
  annotations: Readonly<Record<string, string>> = {},
  more: object = { ingressClassName: 'nginx' },
): Promise<string> {
  const spec = {
    ...more,
    rules: rules.map(({ host, path = '/', pathType = 'Prefix', service = 'web', port = 80 }) => ({
      ...(host !== undefined && { host }),
      http: { paths: [{ path, pathType, backend: { service: { name: service, port: { number: port } } } }] },
    })),
  }
  const keys = Object.entries(annotations).map(([key, value]) => [annotation(key), value] as const)
  const metadata = { name, annotations: Object.fromEntries(keys) }
  lab.saveFile('ingress.json', JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec }))
  const { stdout, stderr } = await run('kubectl apply -f ingress.json')
  await run('sleep 4')
  return stdout + stderr
}

async function run(command: string) {
  return lab.run(command)
}

/** Asks nginx for a URL through its node port, with real packets from the workstation. */
async function ask(url: string, options = ''): Promise<string> {
  const { stdout } = await run(`curl -s --connect-to ::192.168.64.11:${plainPort} ${options} '${url}'`)
  return stdout
}

async function status(url: string, options = ''): Promise<string> {
  return ask(url, `-o /dev/null -w '%{http_code}' ${options}`)
}

function hostname(answer: string): string | undefined {
  return /^Hostname: (.+)-[a-z0-9]+-[a-z0-9]+$/m.exec(answer)?.[1]
}

async function controllerLog(): Promise<string> {
  return (await run('kubectl logs -n ingress-nginx deploy/ingress-nginx-controller')).stdout
}

beforeAll(async () => {
  lab = await Lab.boot({ cluster: readLabSettings({ addons: 'ingress-nginx' }), files: {} }, 1)
  for (const name of ['web', 'other']) {
    await run(`kubectl create deployment ${name} --image=traefik/whoami:v1.11 --replicas=2`)
    await run(`kubectl expose deployment ${name} --port=80`)
  }
  await lab.settle()
  const ports = await run(
    "kubectl get service -n ingress-nginx ingress-nginx-controller -o jsonpath='{.spec.ports[*].nodePort}'",
  )
  ;[plainPort = '', securePort = ''] = ports.stdout.split(' ')
}, 60_000)

test('the controller is a pod that is ready when the lab begins, its Jobs are done', async () => {
  const { stdout } = await run('kubectl get deploy -n ingress-nginx --no-headers')
  expect(stdout).toMatch(/^ingress-nginx-controller +1\/1 /)
  const { stdout: ca } = await run(
    "kubectl get validatingwebhookconfigurations ingress-nginx-admission -o jsonpath='{.webhooks[0].clientConfig.caBundle}'",
  )
  expect(atob(ca)).toMatch(/^-----BEGIN CERTIFICATE-----/)
})

test('a host leads to the pods of a Service, past the address of the Service, and all others to nothing', async () => {
  expect(await apply('plain', [{ host: 'plain.example' }])).toBe('ingress.networking.k8s.io/plain created\n')
  const answer = await ask('http://plain.example/some/path?x=1')
  expect(hostname(answer)).toBe('web')
  expect(answer).toContain('GET /some/path?x=1 HTTP/1.1')
  expect(answer).toContain('X-Forwarded-Host: plain.example')
  expect(answer).toMatch(/X-Real-Ip: [\d.]+\n/)
  expect(await status('http://unknown.example/')).toBe('404')
  expect(await ask('http://unknown.example/')).toContain('<hr><center>nginx</center>')
  expect(await controllerLog()).toMatch(
    /"GET \/some\/path\?x=1 HTTP\/1\.1" 200 \d+ "-" "curl\/[\d.]+" \d+ [\d.]+ \[default-web-80\] \[\] 10\.244\.\d\.\d+:80 /,
  )
})

test('an Ingress gets the address of the node within a minute, and two events', async () => {
  await apply('plain', [{ host: 'plain.example' }])
  await run('sleep 60')
  const { stdout } = await run("kubectl get ingress plain -o jsonpath='{.status.loadBalancer.ingress[*].ip}'")
  expect(stdout).toMatch(/^192\.168\.64\.1[12]$/)
  expect((await run('kubectl describe ingress plain')).stdout).toMatch(
    /Normal {2}Sync .*nginx-ingress-controller {2}Scheduled for sync/,
  )
})

test('an Ingress of another class, or of none, is left alone', async () => {
  await apply('classless', [{ host: 'classless.example' }], {}, {})
  await apply('foreign', [{ host: 'foreign.example' }], {}, { ingressClassName: 'traefik' })
  expect(await status('http://classless.example/')).toBe('404')
  expect(await status('http://foreign.example/')).toBe('404')
  expect(await controllerLog()).toContain(
    '"Ignoring ingress because of error while validating ingress class" ingress="default/classless" error="ingress does not contain a valid IngressClass"',
  )
})

test('a class that is the default serves Ingresses without one', async () => {
  await run('kubectl annotate ingressclass nginx ingressclass.kubernetes.io/is-default-class=true')
  await apply('usual', [{ host: 'usual.example' }], {}, {})
  expect(await status('http://usual.example/')).toBe('200')
  await run('kubectl annotate ingressclass nginx ingressclass.kubernetes.io/is-default-class-')
})

test('exact paths go before prefixes, and longer prefixes before shorter ones', async () => {
  await apply('paths', [
    { host: 'paths.example', path: '/', service: 'web' },
    { host: 'paths.example', path: '/a', service: 'other' },
    { host: 'paths.example', path: '/a', pathType: 'Exact', service: 'web' },
    { host: 'paths.example', path: '/slash/', service: 'other' },
  ])
  expect(hostname(await ask('http://paths.example/a'))).toBe('web')
  expect(hostname(await ask('http://paths.example/a/b'))).toBe('other')
  expect(hostname(await ask('http://paths.example/ab'))).toBe('web')
  expect(await ask('http://paths.example/slash?q=1', "-o /dev/null -w '%{http_code} %{redirect_url}'")).toBe(
    '301 http://paths.example/slash/?q=1',
  )
})

test('a wildcard stands for one label', async () => {
  await apply('wild', [{ host: '*.wild.example', service: 'other' }])
  expect(hostname(await ask('http://a.wild.example/'))).toBe('other')
  expect(await status('http://a.b.wild.example/')).toBe('404')
  expect(await status('http://wild.example/')).toBe('404')
})

test('parts of the path are kept when the target of a rewrite names them', async () => {
  const annotations = { 'rewrite-target': '/$2', 'use-regex': 'true' }
  await apply(
    'rewritten',
    [{ host: 're.example', path: '/api(/|$)(.*)', pathType: 'ImplementationSpecific' }],
    annotations,
  )
  expect(await ask('http://re.example/api/x/y?z=1')).toContain('GET /x/y?z=1 HTTP/1.1')
  expect(await ask('http://re.example/API')).toContain('GET / HTTP/1.1')
  expect(await status('http://re.example/else')).toBe('404')
})

test('a backend of an Ingress without rules takes what nobody else does', async () => {
  const defaultBackend = { service: { name: 'other', port: { number: 80 } } }
  await apply('catch-all', [], {}, { ingressClassName: 'nginx', defaultBackend })
  expect(hostname(await ask('http://nowhere.example/'))).toBe('other')
  await run('kubectl delete ingress catch-all; sleep 4')
  expect(await status('http://nowhere.example/')).toBe('404')
})

test('TLS ends at nginx: plain requests are sent there, the Secret is shown by server name', async () => {
  await run(
    'openssl req -x509 -nodes -days 30 -newkey rsa:2048 -keyout tls.key -out tls.crt -subj /CN=tls.example -addext subjectAltName=DNS:tls.example',
  )
  await run('kubectl create secret tls tls-example --cert=tls.crt --key=tls.key')
  const tls = [{ hosts: ['tls.example'], secretName: 'tls-example' }]
  await apply('secure', [{ host: 'tls.example' }], {}, { ingressClassName: 'nginx', tls })
  expect(await ask('http://tls.example/a?b', "-o /dev/null -w '%{http_code} %{redirect_url}'")).toBe(
    '308 https://tls.example/a?b',
  )
  const resolve = `--resolve tls.example:${securePort}:192.168.64.11`
  const good = await run(`curl -si --cacert tls.crt ${resolve} https://tls.example:${securePort}/`)
  expect(good.stdout).toContain('Strict-Transport-Security: max-age=31536000; includeSubDomains')
  expect(good.stdout).toContain('X-Forwarded-Proto: https')
  const refused = await run(`curl -s ${resolve} https://tls.example:${securePort}/`)
  expect(refused.status).toBe(60)
  const shown = await run(
    `curl -skv --connect-to ::192.168.64.11:${securePort} https://none.example/ 2>&1 | grep subject:`,
  )
  expect(shown.stdout).toBe('*  subject: O=Acme Co; CN=Kubernetes Ingress Controller Fake Certificate\n')
})

test('a Secret that is missing is replaced by the fake certificate, and the log says so', async () => {
  const tls = [{ hosts: ['lost.example'], secretName: 'lost' }]
  await apply('lost', [{ host: 'lost.example' }], {}, { ingressClassName: 'nginx', tls })
  const { stdout } = await run(
    `openssl s_client -connect 192.168.64.11:${securePort} -servername lost.example </dev/null 2>/dev/null | grep subject`,
  )
  expect(stdout).toBe('subject=O = Acme Co, CN = Kubernetes Ingress Controller Fake Certificate\n')
  expect(await controllerLog()).toContain(
    'Error getting SSL certificate "default/lost": local SSL certificate default/lost was not found. Using default certificate',
  )
})

test('no Service and no endpoints are 503, a port where nobody listens is 502, silence is 504', async () => {
  await run(
    'kubectl create deployment empty --image=traefik/whoami:v1.11 --replicas=0; kubectl expose deployment empty --port=80',
  )
  await run('kubectl expose deployment web --name=deaf --port=80 --target-port=81')
  await run(
    'kubectl create deployment slow --image=registry.k8s.io/e2e-test-images/agnhost:2.53 -- /agnhost netexec --http-port=80; kubectl expose deployment slow --port=80',
  )
  await apply('missing', [{ host: 'missing.example', service: 'nothing' }])
  await apply('empty', [{ host: 'empty.example', service: 'empty' }])
  await apply('deaf', [{ host: 'deaf.example', service: 'deaf' }])
  await apply('slow', [{ host: 'slow.example', service: 'slow' }], {
    'proxy-read-timeout': '2',
    'proxy-next-upstream': 'off',
  })
  expect(await status('http://missing.example/')).toBe('503')
  expect(await status('http://empty.example/')).toBe('503')
  expect(await ask('http://deaf.example/', '-i')).toContain('502 Bad Gateway')
  expect(await ask('http://slow.example/shell?cmd=sleep%209')).toContain('<h1>504 Gateway Time-out</h1>')
  const log = await controllerLog()
  expect(log).toContain('Service "default/empty" does not have any active Endpoint.')
  expect(log).toMatch(/connect\(\) failed \(111: Connection refused\) while connecting to upstream, client: /)
  expect(log).toMatch(
    /"GET \/ HTTP\/1.1" 502 150 .* \[default-deaf-80\] \[\] [\d.]+:81, [\d.]+:81 0, 0 [\d.]+, [\d.]+ 502, 502 /,
  )
})

test('who is not on the list of addresses is forbidden', async () => {
  await apply('listed', [{ host: 'listed.example' }], { 'whitelist-source-range': '203.0.113.0/24' })
  expect(await status('http://listed.example/')).toBe('403')
  await apply('listed', [{ host: 'listed.example' }], { 'whitelist-source-range': '10.244.0.0/16,192.168.64.0/24' })
  expect(await status('http://listed.example/')).toBe('200')
})

test('a body that is too large is refused before anything else', async () => {
  await run('head -c 3000 /dev/zero > body')
  await apply('small', [{ host: 'small.example' }], { 'proxy-body-size': '2k' })
  expect(await status('http://small.example/', '--data-binary @body')).toBe('413')
  await apply('small', [{ host: 'small.example' }], { 'proxy-body-size': '0' })
  expect(await status('http://small.example/', '--data-binary @body')).toBe('200')
})

test('an address that asks too fast is sent away, and may come back when it has waited', async () => {
  await apply('limited', [{ host: 'limited.example' }], { 'limit-rpm': '2' })
  const codes: string[] = []
  for (let i = 0; i < 13; i++) codes.push(await status('http://limited.example/'))
  expect(codes).toEqual([...Array(11).fill('200'), '503', '503'])
  await run('sleep 31')
  expect(await status('http://limited.example/')).toBe('200')
  expect(await status('http://limited.example/')).toBe('503')
})

test('names and passwords come from a Secret in the form of htpasswd', async () => {
  await run(
    "printf 'jane:%s\\n' $(openssl passwd -apr1 secret) > auth; kubectl create secret generic basic --from-file=auth",
  )
  await apply('locked', [{ host: 'locked.example' }], {
    'auth-type': 'basic',
    'auth-secret': 'basic',
    'auth-realm': 'who',
  })
  expect(await ask('http://locked.example/', '-i')).toContain('WWW-Authenticate: Basic realm="who"')
  expect(await status('http://locked.example/', '-u jane:wrong')).toBe('401')
  expect(await status('http://locked.example/', '-u jane:secret')).toBe('200')
})

test('another server decides who may pass', async () => {
  lab.saveFile(
    'default.conf',
    'server { listen 80; location /yes { add_header X-User jane; return 200; } location /no { return 401; } location /odd { return 404; } }',
  )
  const mount = '{"name":"v","mountPath":"/etc/nginx/conf.d"}'
  const pod = `{"apiVersion":"v1","spec":{"volumes":[{"name":"v","configMap":{"name":"door"}}],"containers":[{"name":"door","image":"nginx:1.27","volumeMounts":[${mount}]}]}}`
  await run(
    `kubectl create configmap door --from-file=default.conf; kubectl run door --image=nginx:1.27 --port=80 --expose --overrides='${pod}'; sleep 5`,
  )
  const url = (path: string) => `http://door.default.svc.cluster.local/${path}`
  await apply('open', [{ host: 'open.example' }], { 'auth-url': url('yes'), 'auth-response-headers': 'X-User' })
  expect(await ask('http://open.example/')).toContain('X-User: jane\n')
  await apply('shut', [{ host: 'shut.example' }], { 'auth-url': url('no') })
  expect(await status('http://shut.example/')).toBe('401')
  await apply('shut', [{ host: 'shut.example' }], { 'auth-url': url('no'), 'auth-signin': 'https://sso.example/start' })
  expect(await ask('http://shut.example/a', "-o /dev/null -w '%{http_code} %{redirect_url}'")).toBe(
    '302 https://sso.example/start?rd=http://shut.example%2Fa',
  )
  await apply('shut', [{ host: 'shut.example' }], { 'auth-url': url('odd') })
  expect(await status('http://shut.example/')).toBe('500')
})

test('redirects and answers to other origins are given without asking a pod', async () => {
  await apply('moved', [{ host: 'moved.example' }], { 'permanent-redirect': 'https://new.example/here' })
  expect(await ask('http://moved.example/', "-o /dev/null -w '%{http_code} %{redirect_url}'")).toBe(
    '301 https://new.example/here',
  )
  await apply('rooted', [{ host: 'rooted.example' }], { 'app-root': '/app' })
  expect(await ask('http://rooted.example/', "-o /dev/null -w '%{http_code} %{redirect_url}'")).toBe(
    '302 http://rooted.example/app',
  )
  expect(await status('http://rooted.example/app')).toBe('200')
  await apply('cors', [{ host: 'cors.example' }], {
    'enable-cors': 'true',
    'cors-allow-origin': 'https://page.example',
  })
  const preflight = await ask('http://cors.example/', '-i -X OPTIONS -H "Origin: https://page.example"')
  expect(preflight).toMatch(/^HTTP\/1.1 204 /)
  expect(preflight).toContain('Access-Control-Allow-Origin: https://page.example\r\n')
})

test('a canary gets its share by chance, and all or nothing by a header', async () => {
  await run(
    'for name in steady fresh; do kubectl create deployment $name --image=traefik/whoami:v1.11; kubectl expose deployment $name --port=80; done',
  )
  await apply('main', [{ host: 'split.example', service: 'steady' }])
  await apply('canary', [{ host: 'split.example', service: 'fresh' }], {
    canary: 'true',
    'canary-weight': '30',
    'canary-by-header': 'X-New',
  })
  let canaries = 0
  for (let i = 0; i < 100; i++) if (hostname(await ask('http://split.example/')) === 'fresh') canaries++
  expect(canaries).toBeGreaterThan(15)
  expect(canaries).toBeLessThan(45)
  expect(hostname(await ask('http://split.example/', "-H 'X-New: always'"))).toBe('fresh')
  expect(hostname(await ask('http://split.example/', "-H 'X-New: never'"))).toBe('steady')
})

test('a cookie leads a client back to the same pod', async () => {
  await run(
    'kubectl create deployment sticky --image=traefik/whoami:v1.11 --replicas=3; kubectl expose deployment sticky --port=80',
  )
  await apply('sticky', [{ host: 'sticky.example', service: 'sticky' }], {
    affinity: 'cookie',
    'session-cookie-name': 'route',
  })
  const first = await ask('http://sticky.example/', '-i')
  const [, cookie] = /Set-Cookie: (route=[^;]+); Path=\/; HttpOnly/.exec(first)!
  const pod = /^Hostname: (.+)$/m.exec(first)![1]!
  for (let i = 0; i < 6; i++) expect(await ask('http://sticky.example/', `-H 'Cookie: ${cookie}'`)).toContain(pod)
  const kept = /^Hostname: .+$/m.exec(await ask('http://sticky.example/', '-c jar'))![0]
  for (let i = 0; i < 6; i++) expect(await ask('http://sticky.example/', '-b jar')).toContain(kept)
})

test('nginx follows its pods without a reload, and its Ingresses with one', async () => {
  await run('kubectl create deployment moving --image=traefik/whoami:v1.11; kubectl expose deployment moving --port=80')
  await apply('moving', [{ host: 'moving.example', service: 'moving' }])
  await run('sleep 8')
  const reloads = async () => (await controllerLog()).split('Backend successfully reloaded').length
  const before = await reloads()
  await run('kubectl delete pod -l app=moving --wait=false; sleep 10')
  expect(hostname(await ask('http://moving.example/'))).toBe('moving')
  expect(await reloads()).toBe(before)
  await apply('moving', [{ host: 'moving.example', path: '/deep', service: 'moving' }])
  expect(await reloads()).toBe(before + 1)
  expect(await status('http://moving.example/')).toBe('404')
})

test('its configuration and its upstreams can be read in its pod', async () => {
  const inPod = 'kubectl exec -n ingress-nginx deploy/ingress-nginx-controller --'
  const { stdout: text } = await run(`${inPod} cat /etc/nginx/nginx.conf`)
  expect(text).toMatch(/## start server plain\.example\n\tserver \{\n\t\tserver_name plain\.example ;/)
  expect(text).toContain('set $proxy_upstream_name "default-web-80";')
  expect(text).toContain('location ~* "^/api(/|$)(.*)" {')
  const { stdout: list } = await run(`${inPod} /dbg backends list`)
  expect(list.split('\n')).toContain('default-web-80')
  const { stdout: all } = await run(`${inPod} /dbg backends all`)
  const found = (JSON.parse(all) as { name: string; endpoints: unknown[] }[]).find(
    each => each.name === 'default-web-80',
  )
  expect(found!.endpoints).toHaveLength(2)
})

test('the webhook refuses a path twice, snippets, values that make no sense, and patterns that are none', async () => {
  const denied = 'admission webhook "validate.nginx.ingress.kubernetes.io" denied the request: '
  expect(await apply('twice', [{ host: 'plain.example' }])).toBe(
    `Error from server (BadRequest): error when creating "ingress.json": ${denied}host "plain.example" and path "/" is already defined in ingress default/plain\n`,
  )
  expect(await apply('snippet', [{ host: 's.example' }], { 'configuration-snippet': 'return 200;' })).toContain(
    `${denied}${annotation('configuration-snippet')} annotation cannot be used. Snippet directives are disabled by the Ingress administrator`,
  )
  expect(await apply('value', [{ host: 's.example' }], { 'proxy-read-timeout': 'soon' })).toContain(
    `${denied}annotation proxy-read-timeout contains invalid value`,
  )
  expect(await apply('pattern', [{ host: 's.example', path: '/a(.*)' }])).toContain(
    `${denied}ingress contains invalid paths: path /a(.*) cannot be used with pathType Prefix`,
  )
})

test('annotations that have no effect here are named in an event', async () => {
  await apply('counted', [{ host: 'counted.example' }], { 'limit-connections': '5' })
  expect((await run('kubectl get events --field-selector involvedObject.name=counted')).stdout).toContain(
    'annotation nginx.ingress.kubernetes.io/limit-connections is not simulated here',
  )
})

test('settings of the ConfigMap hold for all Ingresses', async () => {
  await run(
    `kubectl patch configmap -n ingress-nginx ingress-nginx-controller --type merge -p '{"data":{"ssl-redirect":"false","hsts":"false"}}'; sleep 4`,
  )
  expect(await status('http://tls.example/')).toBe('200')
  const { stdout } = await run(`curl -skI --connect-to ::192.168.64.11:${securePort} https://tls.example/`)
  expect(stdout).not.toContain('Strict-Transport-Security')
})

test('flags name another default backend and another default certificate', async () => {
  const patch = [
    { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--default-backend-service=default/other' },
    {
      op: 'add',
      path: '/spec/template/spec/containers/0/args/-',
      value: '--default-ssl-certificate=default/tls-example',
    },
  ]
  await run(
    `kubectl patch deployment -n ingress-nginx ingress-nginx-controller --type json -p '${JSON.stringify(patch)}'; kubectl rollout status deployment -n ingress-nginx ingress-nginx-controller; sleep 20`,
  )
  expect(hostname(await ask('http://nobody.example/'))).toBe('other')
  const { stdout } = await run(
    `openssl s_client -connect 192.168.64.11:${securePort} -servername nobody.example </dev/null 2>/dev/null | grep ^subject`,
  )
  expect(stdout).toBe('subject=CN = tls.example\n')
})

test('when the last controller goes, its addresses go too, and the webhook keeps Ingresses out', async () => {
  await run('sleep 45; kubectl scale deployment -n ingress-nginx ingress-nginx-controller --replicas=0; sleep 30')
  const { stdout } = await run("kubectl get ingress plain -o jsonpath='{.status.loadBalancer}'")
  expect(stdout).toBe('{}')
  expect(await apply('late', [{ host: 'late.example' }])).toMatch(
    /failed calling webhook "validate\.nginx\.ingress\.kubernetes\.io": failed to call webhook: Post "https:\/\/ingress-nginx-controller-admission\.ingress-nginx\.svc:443\/networking\/v1\/ingresses\?timeout=10s": /,
  )
})

test('without a controller an Ingress does nothing', async () => {
  const bare = await Lab.boot({ cluster: readLabSettings({}), files: {} }, 1)
  await bare.run("kubectl create ingress web --class=nginx --rule='foo.example/*=web:80'")
  await bare.run('sleep 120')
  expect((await bare.run('kubectl get ingress --no-headers')).stdout).toMatch(/^web +nginx +foo\.example +80 /)
})

test('without the right to take port 80 nginx says so and ends, and the controller goes on', async () => {
  const patch = '[{"op":"remove","path":"/spec/template/spec/containers/0/securityContext/capabilities/add"}]'
  await run(`kubectl patch deploy ingress-nginx-controller -n ingress-nginx --type json -p '${patch}'`)
  await run('kubectl scale deploy ingress-nginx-controller -n ingress-nginx --replicas=1')
  await lab.advance(60_000)
  const { stdout: log } = await run('kubectl logs -n ingress-nginx -l app.kubernetes.io/component=controller --tail=-1')
  expect(log).toContain('nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)\n')
})
