import { beforeAll, expect, test } from 'vitest'
import { clientContainer, deploymentYaml, echoContainer, MeshLab, serviceYaml } from './mesh/fixture.ts'

const status = 'curl -s -o /dev/null -w "%{http_code}\\n"'
const files: Record<string, string> = {
  'app.yaml': [
    deploymentYaml('web', echoContainer('v1', ', readinessProbe: {httpGet: {path: /, port: 5678}}')),
    serviceYaml('web', '{name: http, port: 80, targetPort: 5678}'),
    deploymentYaml('next', echoContainer('v2')),
    serviceYaml('next', '{name: http, port: 80, targetPort: 5678}'),
    deploymentYaml('who', '{name: who, image: "traefik/whoami:latest"}'),
    serviceYaml('who', '{name: http, port: 80}'),
    deploymentYaml('client', clientContainer),
    deploymentYaml('plain', clientContainer, { app: 'plain' }, { 'linkerd.io/inject': 'disabled' }),
  ].join(''),
  'split.yaml': `apiVersion: policy.linkerd.io/v1beta3
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{group: core, kind: Service, name: web, port: 80}]
  rules:
  - matches: [{headers: [{name: x-user, value: jason}]}]
    backendRefs: [{name: next, port: 80}]
  - backendRefs: [{name: web, port: 80, weight: 90}, {name: next, port: 80, weight: 10}]
`,
  'bad.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web-bad, labels: {app: web}}\n' +
    'spec: {containers: [{name: web, image: "busybox:1.36", command: [sleep, infinity]}]}\n',
}

let mesh: MeshLab
beforeAll(async () => {
  mesh = await MeshLab.boot('linkerd', files)
  await mesh.run('kubectl annotate namespace default linkerd.io/inject=enabled')
  await mesh.apply('app.yaml')
  await mesh.lab.advance(25_000)
}, 60_000)

test('the control plane is checked', async () => {
  expect(await mesh.run('linkerd check --proxy')).toMatch(
    /√ data plane proxies are ready\n[^×]*Status check results are √\n$/,
  )
  expect(await mesh.run('linkerd version')).toBe('Client version: edge-25.8.1\nServer version: edge-25.8.1\n')
  expect(await mesh.run('linkerd viz stat deploy')).toBe('Error: linkerd viz is not simulated here\n')
})

test('a pod of an annotated namespace gets a proxy before its own containers, and one that says no gets none', async () => {
  const names = (app: string) =>
    mesh.run(
      `kubectl get pods -l app=${app} -o jsonpath='{.items[0].spec.initContainers[*].name} {.items[0].spec.containers[*].name}'`,
    )
  expect(await names('who')).toBe('linkerd-init linkerd-proxy who')
  expect(await names('plain')).toBe(' client')
})

test('rules of the pod turn its connections to the proxy', async () => {
  const inEach = 'for n in $(ip netns list | cut -d" " -f1); do sudo ip netns exec $n iptables-save -t nat; done'
  const text = await mesh.run(`ssh node1 '${inEach}'; ssh node2 '${inEach}'`)
  const [first = ''] = text.split('COMMIT\n').filter(table => table.includes('PROXY_INIT'))
  expect(first.split('\n').filter(line => line.startsWith('-A'))).toEqual([
    '-A PREROUTING -m comment --comment "proxy-init/install-proxy-init-prerouting" -j PROXY_INIT_REDIRECT',
    '-A OUTPUT -m comment --comment "proxy-init/install-proxy-init-output" -j PROXY_INIT_OUTPUT',
    '-A PROXY_INIT_OUTPUT -m owner --uid-owner 2102 -m comment --comment "proxy-init/ignore-proxy-user-id" -j RETURN',
    '-A PROXY_INIT_OUTPUT -o lo -m comment --comment "proxy-init/ignore-loopback" -j RETURN',
    '-A PROXY_INIT_OUTPUT -p tcp -m multiport --dports 4567,4568 -m comment --comment "proxy-init/ignore-port-4567,4568" -j RETURN',
    '-A PROXY_INIT_OUTPUT -p tcp -m comment --comment "proxy-init/redirect-all-outgoing-to-proxy-port" -j REDIRECT --to-ports 4140',
    '-A PROXY_INIT_REDIRECT -p tcp -m multiport --dports 4190,4191,4567,4568 -m comment --comment "proxy-init/ignore-port-4190,4191,4567,4568" -j RETURN',
    '-A PROXY_INIT_REDIRECT -p tcp -m comment --comment "proxy-init/redirect-all-incoming-to-proxy-port" -j REDIRECT --to-ports 4143',
  ])
})

test('a pod whose rules cannot be made does not begin', async () => {
  const annotation = '{"metadata":{"annotations":{"config.linkerd.io/skip-outbound-ports":"abc"}}}'
  await mesh.run(`kubectl run odd --image=nginx:1.27 --overrides='${annotation}'`)
  await mesh.lab.advance(5000)
  expect(await mesh.run('kubectl logs odd -c linkerd-init | tail -1')).toMatch(
    /level=error msg="aborting firewall configuration: invalid port\/service `abc' specified"\n$/,
  )
  expect(await mesh.run('kubectl get pod odd --no-headers')).toMatch(/ 0\/2 +Init:(Error|CrashLoopBackOff) /)
  await mesh.run('kubectl delete pod odd --now')
})

test('two proxies speak mutual TLS without being told to', async () => {
  for (const node of ['node1', 'node2'])
    await mesh.run(`ssh ${node} 'sudo timeout 3 tcpdump -nn -A -i any tcp port 80 > /tmp/seen 2>&1' &`)
  const answer = await mesh.client('curl -s -H "x-secret: abracadabra" http://who')
  await mesh.lab.advance(4000)
  const dump = await mesh.run("ssh node1 'cat /tmp/seen'; ssh node2 'cat /tmp/seen'")
  expect(answer).toContain('X-Secret: abracadabra')
  expect(answer).toContain('L5d-Client-Id: default.default.serviceaccount.identity.linkerd.cluster.local')
  expect(answer).not.toContain('Envoy')
  expect(dump).toContain('default.default.serviceaccount.identity.linkerd.cluster.local')
  expect(dump).not.toContain('abracadabra')
})

test('requests are counted by the proxies', async () => {
  expect(await mesh.run('linkerd diagnostics proxy-metrics deploy/who')).toMatch(
    /\nresponse_total\{direction="inbound",target_addr="10\.244\.\S+:80",target_port="80",tls="true",client_id="default\.default\.serviceaccount\.identity\.linkerd\.cluster\.local",status_code="200",classification="success",grpc_status="",error=""\} 1\n/,
  )
})

test('a pod without a proxy is served until only identified clients may come', async () => {
  const ask = 'kubectl exec deploy/plain -- curl -si http://who'
  expect(await mesh.run(ask)).toMatch(/^HTTP\/1.1 200 OK\r\n/)
  const patch =
    '{"spec":{"template":{"metadata":{"annotations":{"config.linkerd.io/default-inbound-policy":"all-authenticated"}}}}}'
  await mesh.run(`kubectl patch deployment who -p '${patch}'`)
  await mesh.lab.advance(30_000)
  expect(await mesh.run(ask)).toMatch(/^HTTP\/1.1 403 Forbidden\r\nl5d-proxy-error: unauthorized request on route\r\n/)
  expect(await mesh.client(`${status} http://who`)).toBe('200\n')
})

test('an HTTPRoute splits by weights and by headers', async () => {
  await mesh.apply('split.yaml')
  expect(await mesh.count(60, 'curl -s http://web')).toMatch(/^[45]\d v1, \d+ v2$/)
  expect(await mesh.count(5, 'curl -s -H "x-user: jason" http://web')).toBe('5 v2')
  await mesh.run('kubectl delete -f split.yaml')
})

test('annotations of a Service ask for another attempt and for no more than a time', async () => {
  await mesh.apply('bad.yaml')
  await mesh.lab.advance(10_000)
  expect(await mesh.count(20, `${status} http://web`)).toMatch(/^\d+ 200, \d+ 502$/)
  await mesh.run('kubectl annotate service web retry.linkerd.io/http=5xx retry.linkerd.io/limit=3')
  await mesh.lab.advance(1000)
  expect(await mesh.count(20, `${status} http://web`)).toBe('20 200')
  await mesh.run('kubectl annotate service who timeout.linkerd.io/request=1s')
  await mesh.lab.advance(1000)
  expect(await mesh.client('curl -s -o /dev/null -w "%{http_code} %{time_total}" "http://who/?wait=5s"')).toMatch(
    /^504 1\.0/,
  )
})

test('an endpoint that fails again and again is left alone where a Service asks for that', async () => {
  await mesh.run('kubectl annotate service web retry.linkerd.io/http- retry.linkerd.io/limit-')
  const accrual = 'balancer.linkerd.io/failure-accrual'
  await mesh.run(
    `kubectl annotate service web ${accrual}=consecutive ${accrual}-consecutive-max-failures=2 ${accrual}-consecutive-min-penalty=30s`,
  )
  await mesh.lab.advance(1000)
  expect(await mesh.count(30, `${status} http://web`)).toBe('28 200, 2 502')
})
