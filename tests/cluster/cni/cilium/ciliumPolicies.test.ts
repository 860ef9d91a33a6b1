import { beforeAll, beforeEach, expect, test } from 'vitest'
import { Lab } from '../../../../src/simulator/lab.ts'
import { readLabSettings } from '../../../../src/simulator/labDefinition.ts'

const pods = `
apiVersion: v1
kind: Pod
metadata: {name: client, labels: {app: client}}
spec: {nodeName: node1, containers: [{name: c, image: nicolaka/netshoot:v0.13, command: [sleep, infinity]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {nodeName: node2, containers: [{name: c, image: nginx:1.27, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: other}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: other, labels: {app: client}}
spec: {nodeName: node1, containers: [{name: c, image: nicolaka/netshoot:v0.13, command: [sleep, infinity]}]}
`
let lab: Lab

beforeAll(async () => {
  lab = await Lab.boot({ cluster: readLabSettings({ cni: 'cilium' }), files: { 'pods.yaml': pods } }, 1)
  await lab.run('kubectl apply -f pods.yaml')
  await lab.run('kubectl wait pod -A -l app --for=condition=Ready --timeout=60s')
})

beforeEach(async () => {
  await lab.run('kubectl delete cnp,ccnp,netpol --all -n default')
  await lab.advance(100)
})

/** Whether the clients of both namespaces, and the workstation through its node, reach the web server. */
async function reach(): Promise<string[]> {
  const { stdout: address } = await lab.run('kubectl get pod web -o jsonpath={.status.podIP}')
  const answers: string[] = []
  for (const namespace of ['default', 'other'])
    answers.push(
      (await lab.run(`kubectl exec -n ${namespace} client -- curl -s -o /dev/null -m 1 -w '%{http_code}' ${address}`))
        .stdout,
    )
  return answers
}

async function apply(spec: string, kind = 'CiliumNetworkPolicy', name = 'p'): Promise<string> {
  const manifest = `{apiVersion: cilium.io/v2, kind: ${kind}, metadata: {name: ${name}}, spec: ${spec}}`
  const { stdout, stderr } = await lab.run(`kubectl apply -f - <<'X'\n${manifest}\nX`)
  await lab.advance(1_000)
  return stdout + stderr
}

const web = '{matchLabels: {app: web}}'

test.each([
  ['an empty rule lets nobody in', '[{}]', ['000', '000']],
  ['an empty list does not enforce anything', '[]', ['200', '200']],
  ['an empty selector means the pods of the namespace', '[{fromEndpoints: [{}]}]', ['200', '000']],
  ['labels mean pods of the namespace', '[{fromEndpoints: [{matchLabels: {app: client}}]}]', ['200', '000']],
  [
    'another namespace is named by its label',
    '[{fromEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": other}}]}]',
    ['000', '200'],
  ],
  ['a port without peers is open to everyone', '[{toPorts: [{ports: [{port: "80", protocol: TCP}]}]}]', ['200', '200']],
  ['another port does not help', '[{toPorts: [{ports: [{port: "81"}]}]}]', ['000', '000']],
  ['a port may be named', '[{toPorts: [{ports: [{port: http}]}]}]', ['200', '200']],
  ['the cluster is an entity', '[{fromEntities: [cluster]}]', ['200', '200']],
  ['the world is not in the cluster', '[{fromEntities: [world]}]', ['000', '000']],
  ['ranges do not stand for pods', '[{fromCIDR: [10.0.0.0/8]}]', ['000', '000']],
])('%s', async (_title, ingress, expected) => {
  await apply(`{endpointSelector: ${web}, ingress: ${ingress}}`)
  expect(await reach()).toEqual(expected)
})

test('what is denied stays out, whatever other policies allow', async () => {
  const deny = '[{fromEndpoints: [{matchLabels: {app: client}}]}]'
  await apply(`{endpointSelector: ${web}, ingress: [{fromEntities: [all]}], ingressDeny: ${deny}}`)
  expect(await reach()).toEqual(['000', '200'])
  const agent = 'kubectl get pod -n kube-system -l k8s-app=cilium --field-selector spec.nodeName=node2 -o name'
  const { stdout } = await lab.run(
    `kubectl exec -n kube-system $(${agent}) -c cilium-agent -- hubble observe --verdict DROPPED --type drop --last 1`,
  )
  expect(stdout).toContain('Policy denied by denylist DROPPED (TCP Flags: SYN)')
})

test('a policy need not close what it does not name', async () => {
  const deny = '[{fromEndpoints: [{matchLabels: {app: client}}]}]'
  await apply(`{endpointSelector: ${web}, enableDefaultDeny: {ingress: false}, ingressDeny: ${deny}}`)
  expect(await reach()).toEqual(['000', '200'])
})

test('a policy of the cluster counts in every namespace', async () => {
  const egress = '[{toEntities: [kube-apiserver]}]'
  const spec = `{endpointSelector: {matchLabels: {app: client}}, egress: ${egress}}`
  expect(await apply(spec, 'CiliumClusterwideNetworkPolicy')).toContain('created')
  expect(await reach()).toEqual(['000', '000'])
  const ask = 'kubectl exec client -- curl -sk -o /dev/null -m 1 -w "%{http_code}" https://192.168.64.10:6443/version'
  expect((await lab.run(ask)).stdout).toBe('200')
  await lab.run('kubectl delete ccnp p')
})

test('the world begins where the cluster ends', async () => {
  await apply('{endpointSelector: {matchLabels: {app: client}}, egress: [{toCIDR: [192.168.64.1/32]}]}')
  expect((await lab.run('kubectl exec client -- ping -c 1 -W 1 192.168.64.1')).status).toBe(0)
  expect((await reach())[0]).toBe('000')
})

test('the status says whether a policy can be used, and what is not simulated', async () => {
  await apply(`{endpointSelector: ${web}, ingress: [{}]}`, 'CiliumNetworkPolicy', 'good')
  const rules = '{http: [{method: GET}]}'
  const ports = `[{ports: [{port: "80", protocol: TCP}], rules: ${rules}}]`
  await apply(`{endpointSelector: ${web}, ingress: [{toPorts: ${ports}}]}`, 'CiliumNetworkPolicy', 'deep')
  expect((await lab.run('kubectl get cnp')).stdout.replace(/ +/g, ' ')).toBe(
    'NAME AGE VALID\ndeep 1s False\ngood 2s True\n',
  )
  expect((await lab.run('kubectl get cnp deep -o jsonpath={.status.conditions[0].message}')).stdout).toBe(
    'toPorts.rules is not simulated here',
  )
  expect(await apply(`{endpointSelector: ${web}, ingres: [{}]}`)).toContain('unknown field "spec.ingres"')
})
