import { expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'
import type { Ipv4Packet } from '#simulator/network/packet.ts'
import { TraceLog } from '#simulator/network/trace.ts'
import { RequestLog } from '#simulator/requestLog.ts'

const probed = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: nginx:1.27
    readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
`

test('the last request is what a person or a pod asked, not what the kubelet probes', async () => {
  const lab = await Lab.boot({ cluster: referenceCluster, files: { 'web.yaml': probed } }, 1)
  await lab.run('kubectl apply -f web.yaml && kubectl wait --for=condition=Ready pod/web')
  expect(lab.lastRequest()).toBeUndefined()
  await lab.run("ssh node1 curl -s $(kubectl get pod web -o jsonpath='{.status.podIP}')")
  const asked = lab.lastRequest()
  expect(asked?.path()).toMatchObject({ protocol: 'tcp', verdict: 'answered' })
  await lab.advance(10_000)
  expect(lab.lastRequest()?.version).toBe(asked?.version)
})

test('what a pod asks itself is a request, what a node asks itself is not', async () => {
  const lab = await Lab.boot({ cluster: referenceCluster, files: { 'web.yaml': probed } }, 1)
  await lab.run('kubectl apply -f web.yaml && kubectl wait --for=condition=Ready pod/web')
  await lab.run('ssh node1 curl -s http://127.0.0.1:10248/healthz')
  await lab.run('kubectl exec web -- curl -s http://localhost')
  const asked = lab.world().requests.map(({ from, toAddress, toPort }) => `${from} ${toAddress}:${toPort}`)
  expect(asked).toEqual(['default/web 127.0.0.1:80'])
})

test('a request counts by what was asked, also where a program at the socket leads it elsewhere before it is sent', async () => {
  const files = { 'web.yaml': probed }
  const lab = await Lab.boot({ cluster: { ...referenceCluster, cni: { plugin: 'cilium' } }, files }, 1)
  await lab.run('kubectl apply -f web.yaml && kubectl wait --for=condition=Ready pod/web')
  await lab.run(
    'kubectl run client --image=nicolaka/netshoot:v0.13 -- sleep infinity && kubectl create service clusterip web --tcp=80:80',
  )
  await lab.run('kubectl label pod web app=web && kubectl wait --for=condition=Ready pod/client && sleep 3')
  await lab.run('kubectl exec client -- curl -s http://web')
  const address = (await lab.run("kubectl get service web -o jsonpath='{.spec.clusterIP}'")).stdout
  const asked = lab.world().requests.map(({ from, toAddress, toPort, verdict }) => [from, toAddress, toPort, verdict])
  expect(asked).toEqual([['default/client', address, 80, 'answered']])
  expect(lab.lastRequest()?.path()).toMatchObject({ verdict: 'answered' })
})

test('a request is remembered when the trace has made room for later ones, until the log is told to forget', () => {
  const trace = new TraceLog(2)
  const requests = new RequestLog(trace, machine => ({ kind: 'workstation', name: machine }))
  const ask = (flow: number) => {
    const packet = { flow, protocol: 'icmp', source: 1, destination: 2, ttl: 64, body: {} } as unknown as Ipv4Packet
    trace.add(flow, { machine: 'lab', name: 'lab' }, 'eth0', 'send', '', '', packet, packet)
  }
  const asked = () => requests.all().map(({ at }) => at)
  for (const flow of [1, 2, 3, 4, 5]) ask(flow)
  expect(trace.flows()).toEqual([4, 5])
  expect(asked()).toEqual([1, 2, 3, 4, 5])
  requests.forget()
  expect(asked()).toEqual([])
  for (const flow of [6, 7, 8]) ask(flow)
  expect(asked()).toEqual([6, 7, 8])
})
