import { beforeAll, expect, test } from 'vitest'
import { Lab } from '../../../src/simulator/lab.ts'
import { readLabSettings } from '../../../src/simulator/labDefinition.ts'

let lab: Lab

async function run(command: string): Promise<string> {
  const { stdout, stderr } = await lab.run(command, 120_000)
  return (stdout + stderr).trimEnd()
}

const addressOf = (name: string) => run(`kubectl get svc ${name} -o jsonpath={.status.loadBalancer.ingress[*].ip}`)
const reasonsOf = async (name: string) =>
  (await run(`kubectl get events --field-selector involvedObject.name=${name} -o jsonpath={.items[*].reason}`)).split(
    ' ',
  )

beforeAll(async () => {
  lab = await Lab.boot({ cluster: readLabSettings({ addons: 'cloud-provider' }), files: {} }, 1)
  await run('kubectl create deployment web --image=registry.k8s.io/e2e-test-images/agnhost:2.63.0 -- /agnhost netexec')
  await run('kubectl rollout status deployment web --timeout=60s')
  const expose = (name: string) =>
    run(`kubectl expose deployment web --name=${name} --port=80 --target-port=8080 --type=LoadBalancer`)
  await expose('all')
  await expose('near')
  await run(`kubectl patch svc near -p '{"spec":{"externalTrafficPolicy":"Local"}}'`)
})

test('the address comes after a while', async () => {
  await lab.advance(1000)
  expect(await addressOf('all')).toBe('')
  expect(await reasonsOf('all')).toEqual(['EnsuringLoadBalancer'])
  await lab.advance(30_000)
  expect(await addressOf('all')).toBe('192.168.64.200')
  expect(await reasonsOf('all')).toEqual(['EnsuringLoadBalancer', 'EnsuredLoadBalancer'])
})

test('the balancer passes connections on; with the policy Local the pod sees the client', async () => {
  expect(await run(`curl -s -m 3 http://${await addressOf('all')}/hostname`)).toMatch(/^web-/)
  expect(await run(`curl -s -m 3 http://${await addressOf('near')}/clientip`)).toMatch(/^192\.168\.64\.1:/)
})

test('nodes say on the health check port whether they have an endpoint', async () => {
  const place = await run('kubectl get pods -l app=web -o jsonpath={.items[0].spec.nodeName}')
  const port = await run('kubectl get svc near -o jsonpath={.spec.healthCheckNodePort}')
  for (const node of ['node1', 'node2']) {
    const answer = await run(`ssh ${node} curl -s -i http://localhost:${port}/healthz`)
    const count = node === place ? 1 : 0
    expect(answer).toContain(count === 1 ? '200 OK' : '503 Service Unavailable')
    expect(answer).toContain(`X-Load-Balancing-Endpoint-Weight: ${count}`)
    expect(answer).toContain(`"localEndpoints": ${count},`)
  }
})

test('when no node is fit the balancer drops what comes', async () => {
  await run('kubectl scale deployment web --replicas=0')
  await lab.advance(20_000)
  const { status } = await lab.run(`curl -s -m 2 http://${await addressOf('near')}`)
  expect(status).toBe(28)
})

test('a Service goes when its load balancer has gone', async () => {
  await run('kubectl delete svc all')
  expect((await reasonsOf('all')).slice(-2)).toEqual(['DeletingLoadBalancer', 'DeletedLoadBalancer'])
  expect(await run('kubectl get svc all')).toContain('NotFound')
})
