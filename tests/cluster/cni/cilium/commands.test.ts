import { beforeAll, expect, test } from 'vitest'
import { Lab } from '../../../../src/simulator/lab.ts'
import { readLabSettings } from '../../../../src/simulator/labDefinition.ts'

const manifests = `
apiVersion: v1
kind: Pod
metadata: {name: client, labels: {app: client}}
spec: {nodeName: node1, containers: [{name: c, image: nicolaka/netshoot:v0.13, command: [sleep, infinity]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {nodeName: node1, containers: [{name: c, image: nginx:1.27}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.7.7, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: friends}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}, {ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 8080, endPort: 8087}]}]
`
let lab: Lab

beforeAll(async () => {
  lab = await Lab.boot({ cluster: readLabSettings({ cni: 'cilium' }), files: { 'all.yaml': manifests } }, 1)
  await lab.run('kubectl apply -f all.yaml')
  await lab.run('kubectl wait pod --all --for=condition=Ready --timeout=60s')
  await lab.run('kubectl exec client -- curl -s -m 1 web')
})

/** What a command prints in the agent's pod of node1, while something else goes on. */
async function ask(words: string, meanwhile = ''): Promise<string> {
  const name = 'kubectl get pod -n kube-system -l k8s-app=cilium --field-selector spec.nodeName=node1 -o name'
  const { stdout, stderr } = await lab.run(
    `${meanwhile} kubectl exec -n kube-system $(${name}) -c cilium-agent -- ${words}`,
  )
  return plain(stdout + stderr)
}

/** Puts one letter in place of addresses, ports and numbers that are chosen by chance. */
function plain(text: string): string {
  return text
    .replace(/10\.244\.\d+\.\d+/g, 'POD')
    .replace(/(?<!ID):\d{5}\b/g, ':PORT')
    .replace(/(?<![./\d])\b[0-9]{3,5}\b(?=[ >):]|$)/gm, 'N')
    .replace(/ {2,}/g, '  ')
}

test('kubectl shows endpoints, identities and nodes', async () => {
  expect(plain((await lab.run('kubectl get cep')).stdout)).toBe(
    'NAME  SECURITY IDENTITY  ENDPOINT STATE  IPV4  IPV6\nclient  N  ready  POD  \nweb  N  ready  POD  \n',
  )
  expect(plain((await lab.run('kubectl get ciliumid --no-headers')).stdout)).toMatch(
    /^(N {2}(default|kube-system) {2}\d+\w\n){3}$/,
  )
  expect(plain((await lab.run('kubectl get cn node1')).stdout)).toMatch(
    /^NAME {2}CILIUMINTERNALIP {2}INTERNALIP {2}AGE\nnode1 {2}POD {2}192\.168\.64\.11 {2}30m\n$/,
  )
})

test('endpoint list has a line for each label, and says where policies are enforced', async () => {
  const lines = (await ask('cilium-dbg endpoint list')).split('\n')
  expect(lines.slice(0, 2)).toEqual([
    'ENDPOINT  POLICY (ingress)  POLICY (egress)  IDENTITY  LABELS (source:key[=value])  IPv6  IPv4  STATUS  ',
    '  ENFORCEMENT  ENFORCEMENT  ',
  ])
  expect(lines).toContain('N  Enabled  Disabled  N  k8s:app=web  POD  ready  ')
  expect(lines).toContain('N  Disabled  Disabled  N  k8s:app=client  POD  ready  ')
  expect(lines).toContain('N  Disabled  Disabled  1  reserved:host  ready  ')
  expect(lines).toContain('  k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=default  ')
})

test('identity list names reserved identities, those of labels and those of ranges', async () => {
  const list = await ask('cilium-dbg identity list')
  expect(list).toContain('1  reserved:host\n2  reserved:world\n3  reserved:unmanaged\n')
  expect(list).toContain('N  k8s:app=web\n  k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=default\n')
  expect(list).toContain('16777217  cidr:192.0.2.0/24\n  reserved:world\n')
})

test('Services are listed by the agent and by the map', async () => {
  expect(await ask('cilium-dbg service list')).toMatch(
    /\d+ {2}10\.96\.7\.7:80\/TCP {2}ClusterIP {2}1 => POD:80\/TCP \(active\)/,
  )
  const map = await ask('cilium-dbg bpf lb list')
  expect(map).toMatch(/10\.96\.7\.7:80\/TCP \(0\) {2}0\.0\.0\.0:0 \(\d+\) \(0\) \[ClusterIP, non-routable\]/)
  expect(map).toMatch(/10\.96\.7\.7:80\/TCP \(1\) {2}POD:80\/TCP \(\d+\) \(1\)/)
})

test('policy maps show who may come in, ports as prefixes, and what has passed', async () => {
  const maps = await ask('cilium-dbg bpf policy get --all')
  expect(maps).toContain(
    'Allow  Ingress  cidr:192.0.2.0/24  8080-8087/TCP  NONE  disabled  0  0  21  \n  reserved:world',
  )
  expect(maps).toContain('Allow  Ingress  reserved:host  ANY  NONE  disabled  0  0  0  ')
  expect(maps).toContain('/sys/fs/bpf/tc/globals/cilium_policy_v2_')
})

test('the connection map has a line for each end', async () => {
  await lab.run('kubectl delete netpol friends')
  await lab.run('kubectl exec client -- curl -s -o /dev/null web')
  const list = await ask('cilium-dbg bpf ct list global')
  expect(list).toMatch(
    /^TCP OUT POD:PORT -> POD:80 expires=N Packets=\d+ .* RevNAT=0 SourceSecurityID=\S+ BackendID=0 $/m,
  )
  expect(list).toMatch(/^TCP IN POD:PORT -> POD:80 /m)
  await lab.run('kubectl apply -f all.yaml')
})

test('addresses with their identities, in the agent and in the map', async () => {
  expect(await ask('cilium-dbg ip list')).toMatch(
    /^192\.168\.64\.10\/32 {2}reserved:kube-apiserver {2}\n {2}reserved:remote-node/m,
  )
  expect(await ask('cilium-dbg bpf ipcache list')).toMatch(
    /^POD\/32 {2}identity=\d+ encryptkey=0 tunnelendpoint=192\.168\.64\.12 flags=hastunnel/m,
  )
})

test('monitor and hubble tell of the packet that a policy kept out', async () => {
  const request = '(sleep 1; kubectl exec client -- curl -s -m 1 web) >/dev/null 2>&1 &'
  expect(await ask('timeout 4 cilium-dbg monitor --type drop', request)).toMatch(
    /^xx drop \(Policy denied\) flow 0x\w+ to endpoint \d+, ifindex 0, file bpf_lxc\.c:\d+, , identity \w+->\w+: POD:PORT -> POD:80 tcp SYN$/m,
  )
  const flows = await ask('hubble observe --pod default/web --verdict DROPPED --last 1')
  expect(flows).toMatch(
    /^Mar {2}2 [\d:.]+: default\/client:PORT \(ID:N\) <> default\/web:80 \(ID:N\) Policy denied DROPPED \(TCP Flags: SYN\)\n/,
  )
  expect(await ask('hubble observe --type trace-sock --pod client --last 2')).toMatch(
    /\(ID:N\) <> 10\.96\.7\.7:80 \(world\) pre-xlate-fwd TRACED \(TCP\)\n.* <> default\/web:80 \(ID:N\) post-xlate-fwd TRANSLATED \(TCP\)/,
  )
})

test('status tells how the node runs', async () => {
  const text = await ask('cilium-dbg status --verbose')
  expect(text).toContain('KubeProxyReplacement:  True  [eth0  192.168.64.11 (Direct Routing)]\n')
  expect(text).toContain('Routing:  Network: Tunnel [vxlan]  Host: Legacy\n')
  expect(text).toContain('IPAM:  IPv4: 3/254 allocated from 10.244.0.0/24, \n'.replace('10.244.0.0', 'POD'))
  expect(text).toMatch(/Allocated addresses:\n {2}POD \(/)
  expect(await ask('cilium-dbg status --brief')).toBe('OK\n')
})

test('nodes, local endpoints and selectors are listed', async () => {
  expect(await ask('cilium-dbg node list')).toMatch(/default\/node1 {2}192\.168\.64\.11 {2}POD\/24 {2}local\n/)
  expect(await ask('cilium-dbg bpf endpoint list')).toMatch(
    /^POD:0 {2}id=\S+ +sec_id=\S+ +flags=0x0000 ifindex=\d+ +mac=/m,
  )
  expect(await ask('cilium-dbg policy selectors')).toMatch(
    /\{app=web\}.* {2}NetworkPolicy default\/friends {2}1 {2}\S+/,
  )
})

test('what is not simulated says so, and what does not exist is refused', async () => {
  expect(await ask('cilium-dbg encrypt status')).toContain('cilium-dbg encrypt status is not simulated here\n')
  expect(await ask('cilium-dbg status --nothing')).toContain('Error: unknown flag: --nothing\n')
  expect(await ask('cilium-dbg monitor -t nothing')).toContain('unknown type "nothing"')
  expect((await lab.run('cilium connectivity test')).stderr).toBe('cilium connectivity is not simulated here\n')
  expect((await lab.run('cilium nothing')).stderr).toContain('Error: unknown command "nothing" for "cilium"\n')
})

test('flows of all nodes come through the relay, once it is there', async () => {
  expect((await lab.run('hubble status')).stderr).toMatch(/^failed to connect to 'localhost:4245'/)
  await lab.run('cilium hubble enable')
  await lab.run('kubectl rollout status deploy/hubble-relay -n kube-system --timeout=60s')
  expect((await lab.run('hubble status')).status).toBe(1)
  expect((await lab.run('hubble status -P')).stdout).toContain('Connected Nodes: 3/3\n')
  await lab.run('cilium hubble port-forward &')
  const way = (await lab.run('hubble observe --to-port 53 --protocol udp --from-pod default/client --last 60')).stdout
  expect(way).toMatch(/to-overlay FORWARDED \(UDP\)\n/)
  expect(way).toMatch(/-> kube-system\/coredns-\S+:53 \(ID:\d+\) to-endpoint FORWARDED \(UDP\)\n/)
})

test('cilium status counts what runs', async () => {
  const { stdout, status } = await lab.run('cilium status')
  expect(status).toBe(0)
  expect(stdout).toContain(' /¯¯\\__/¯¯\\    Cilium:             OK\n')
  expect(stdout).toContain('DaemonSet              cilium                   Desired: 3, Ready: 3/3, Available: 3/3\n')
  expect(stdout).toMatch(/Cluster Pods: {10}(\d+)\/\1 managed by Cilium\n/)
  expect((await lab.run('cilium config view')).stdout).toMatch(/^routing-mode +tunnel$/m)
})
