import { beforeAll, expect, test } from 'vitest'
import { readRange } from '../../../src/simulator/cluster/addons/metalLb/ranges.ts'
import { Lab } from '../../../src/simulator/lab.ts'
import { readLabSettings } from '../../../src/simulator/labDefinition.ts'

const pools = `apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: lan, namespace: metallb-system}
spec:
  addresses: [192.168.64.240-192.168.64.241]
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: {name: lan, namespace: metallb-system}
`
let lab: Lab

async function run(command: string): Promise<string> {
  const { stdout, stderr } = await lab.run(command, 120_000)
  return (stdout + stderr).trimEnd()
}

const addressOf = (name: string) => run(`kubectl get svc ${name} -o jsonpath={.status.loadBalancer.ingress[*].ip}`)
const eventsOf = (name: string) =>
  run(
    `kubectl get events --field-selector involvedObject.name=${name} -o custom-columns=:.reason,:.message --no-headers`,
  )

beforeAll(async () => {
  lab = await Lab.boot({ cluster: readLabSettings({ addons: 'metallb' }), files: { 'pools.yaml': pools } }, 1)
  await run('kubectl create deployment web --image=registry.k8s.io/e2e-test-images/agnhost:2.63.0 -- /agnhost netexec')
  await run('kubectl rollout status deployment web --timeout=60s')
})

test('ranges are prefixes, or two addresses with a hyphen', () => {
  expect(readRange('10.0.0.4/30')).toEqual({ first: 0x0a000004, last: 0x0a000007 })
  expect(readRange('10.0.0.5 - 10.0.0.6')).toEqual({ first: 0x0a000005, last: 0x0a000006 })
  expect(readRange('10.0.0.6-10.0.0.5')).toBeUndefined()
  expect(readRange('10.0.0.6')).toBeUndefined()
})

test('without a pool a Service waits, and says why', async () => {
  await run('kubectl expose deployment web --port=80 --target-port=8080 --type=LoadBalancer')
  await lab.advance(5000)
  expect(await run('kubectl get svc web --no-headers')).toContain('<pending>')
  expect(await eventsOf('web')).toMatch(/AllocationFailed +Failed to allocate IP for "default\/web": no available IPs/)
})

test('a pool outside the namespace of MetalLB counts for nothing', async () => {
  await run('sed s/metallb-system/default/ pools.yaml | kubectl apply -f -')
  await lab.advance(5000)
  expect(await addressOf('web')).toBe('')
  await run('sed s/metallb-system/default/ pools.yaml | kubectl delete -f -')
})

test('with a pool it gets an address, which one node announces', async () => {
  await run('kubectl apply -f pools.yaml')
  await lab.advance(5000)
  expect(await addressOf('web')).toBe('192.168.64.240')
  const events = await eventsOf('web')
  expect(events).toMatch(/IPAllocated +Assigned IP \["192\.168\.64\.240"\]/)
  expect(events).toMatch(/nodeAssigned +announcing from node "node\d" with protocol "layer2"/)
  expect(await run('curl -s -m 3 http://192.168.64.240/hostname')).toMatch(/^web-/)
})

test('when the speaker goes another node takes over and tells the neighbours', async () => {
  const announcing = (await eventsOf('web')).match(/from node "(node\d)"/)![1]
  const other = announcing === 'node1' ? 'node2' : 'node1'
  const before = await run('ip neigh show 192.168.64.240')
  await run(
    `kubectl -n metallb-system patch ds speaker -p '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"${other}"}}}}}'`,
  )
  await lab.advance(30_000)
  expect(await eventsOf('web')).toContain(`announcing from node "${other}"`)
  const after = await run('ip neigh show 192.168.64.240')
  const macOf = (line: string) => line.match(/lladdr (\S+)/)![1]
  expect(macOf(after)).not.toBe(macOf(before))
  expect(await run('curl -s -m 3 http://192.168.64.240/hostname')).toMatch(/^web-/)
})

test('with the policy Local the node of an endpoint announces, and the pod sees the client', async () => {
  await run('kubectl expose deployment web --name=near --port=80 --target-port=8080 --type=LoadBalancer')
  await run(`kubectl patch svc near -p '{"spec":{"externalTrafficPolicy":"Local"}}'`)
  await run(
    `kubectl -n metallb-system patch ds speaker --type=json -p '[{"op":"remove","path":"/spec/template/spec/nodeSelector/kubernetes.io~1hostname"}]'`,
  )
  await lab.advance(30_000)
  const place = await run('kubectl get pods -l app=web -o jsonpath={.items[0].spec.nodeName}')
  expect((await eventsOf('near')).trim().split('\n').at(-1)).toContain(`announcing from node "${place}"`)
  expect(await run('curl -s -m 3 http://192.168.64.241/clientip')).toMatch(/^192\.168\.64\.1:/)
})

test('a wish for an address that no pool holds is refused', async () => {
  await run('kubectl create service loadbalancer wish --tcp=80')
  await run('kubectl annotate svc wish metallb.io/loadBalancerIPs=10.1.2.3')
  await lab.advance(5000)
  expect(await eventsOf('wish')).toContain('"10.1.2.3"] is not allowed in config')
})
