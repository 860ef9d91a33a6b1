import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Lab } from '#simulator/lab.ts'
import { readLabDefinition } from '#simulator/labDefinition.ts'

let lab: Lab

async function run(command: string): Promise<string> {
  const { stdout, stderr } = await lab.run(command)
  return (stdout + stderr).trimEnd()
}

async function start(name: string, node: string, labels = `app=${name}`): Promise<void> {
  await run(
    `kubectl run ${name} --image=registry.k8s.io/e2e-test-images/agnhost:2.53 --labels=${labels} --overrides='{"spec":{"nodeName":"${node}"}}' -- netexec --http-port=8080`,
  )
}

const address = (name: string) => run(`kubectl get pod ${name} -o jsonpath={.status.podIP}`)
/** Who says that a pod has asked it; nothing when nobody answers. */
const ask = async (from: string, host: string, port = 8080) =>
  run(`kubectl exec ${from} -- curl -s -m 1 http://${host}:${port}/hostname 2>/dev/null`)

beforeAll(async () => {
  lab = await Lab.boot(readLabDefinition('cni: weave'), 1)
  await start('client', 'node1')
  await start('near', 'node1', 'app=web')
  await start('far', 'node2', 'app=web')
  await lab.settle()
  await run('kubectl expose pod near --name=web --selector=app=web --port=80 --target-port=8080')
})

test('all pods share one range, and each router hands out a part of it', async () => {
  const [client, near, far] = [await address('client'), await address('near'), await address('far')]
  for (const each of [client, near, far]) expect(each).toMatch(/^10\.(3[2-9]|4[0-7])\./)
  expect(client.split('.')[1]).toBe(near.split('.')[1])
  expect(client.split('.')[1]).not.toBe(far.split('.')[1])
  expect(await run('kubectl exec client -- ip route')).toMatch(/10\.32\.0\.0\/12 dev eth0/)
})

test('a node has the bridge of the pods, the datapath of the tunnel, and a cable between them', async () => {
  expect(await run("ssh node1 ip -br link | awk '{print $1}' | grep -v vethwepl")).toBe(
    'lo\neth0@if5\ndatapath\nweave\nvethwe-datapath@vethwe-bridge\nvethwe-bridge@vethwe-datapath\nvxlan-6784',
  )
  expect(await run('ssh node1 ip -4 addr show weave')).toContain('mtu 1376')
  const bridges = lab.topology().machines.flatMap(({ bridge }) => (bridge ? [bridge.name] : []))
  expect(bridges).toEqual(['weave', 'weave', 'weave'])
  expect(await run('ssh node1 ip route')).toContain('10.32.0.0/12 dev weave proto kernel scope link src 10.')
})

test('a pod of another node is on the same Ethernet: no router is between them', async () => {
  expect(await run(`kubectl exec client -- ping -c 1 ${await address('far')}`)).toContain('ttl=64')
  await run(`ssh node2 "tcpdump -nni eth0 -c 2 udp port 6784 > seen 2>/dev/null &"`)
  await run(`kubectl exec client -- ping -c 1 ${await address('far')}`)
  expect(await run('ssh node2 cat seen')).toMatch(/192\.168\.64\.11\.\d+ > 192\.168\.64\.12\.6784: /)
})

test('an address that is free again goes to the next pod at once, and everyone hears of it', async () => {
  const before = await address('far')
  await ask('client', before)
  await run('kubectl delete pod far --now')
  await lab.settle()
  await start('far', 'node2', 'app=web')
  await lab.settle()
  expect(await address('far')).toBe(before)
  expect(await ask('client', before)).toBe('far')
})

test('the router tells how it is', async () => {
  const weave = (words: string) =>
    run(`kubectl exec -n kube-system ds/weave-net -c weave -- /home/weave/weave --local ${words}`)
  expect(await weave('status')).toContain('Connections: 2 (2 established)')
  expect((await weave('status connections')).split('\n')).toHaveLength(2)
  expect(await weave('status ipam')).toMatch(/ IPs \(25\.0% of total\) \(\d+ active\)$/)
})

describe('policies', () => {
  beforeEach(async () => {
    await run('kubectl delete networkpolicy --all')
    await lab.advance(1000)
  })

  async function apply(spec: object): Promise<void> {
    const object = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { generateName: 'p-' }, spec }
    await run(`kubectl create -f - <<'EOT'\n${JSON.stringify(object)}\nEOT`)
    await lab.advance(1000)
  }

  /** Who answers the client: near, far. */
  async function reach(from = 'client'): Promise<string> {
    return `${await ask(from, await address('near'))} ${await ask(from, await address('far'))}`.trim()
  }

  const web = { matchLabels: { app: 'web' } }
  const onlyClient = [{ podSelector: { matchLabels: { app: 'client' } } }]

  test('without any, all is allowed', async () => {
    expect(await reach()).toBe('near far')
  })

  test('deny all that comes in, on both nodes', async () => {
    await apply({ podSelector: web, policyTypes: ['Ingress'] })
    expect(await reach()).toBe('')
    expect(await ask('near', await address('client'))).toBe('client')
  })

  test('allow by label and port', async () => {
    await apply({ podSelector: web, ingress: [{ from: onlyClient, ports: [{ port: 8080 }] }] })
    expect(await reach()).toBe('near far')
    // A pod always reaches itself.
    expect(await reach('near')).toBe('near')
    await apply({ podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Ingress'] })
    expect(await ask('near', await address('client'))).toBe('')
  })

  test('allow through the Service as well: the source stays the pod', async () => {
    await apply({ podSelector: web, ingress: [{ from: onlyClient }] })
    const service = await run('kubectl get service web -o jsonpath={.spec.clusterIP}')
    for (let i = 0; i < 4; i++) expect(await ask('client', service, 80)).toMatch(/near|far/)
  })

  test('what goes out is held back where it begins', async () => {
    await apply({
      podSelector: { matchLabels: { app: 'client' } },
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '10.32.0.0/12', except: [`${await address('far')}/32`] } }] }],
    })
    expect(await reach()).toBe('near')
    expect(await run('kubectl exec client -- curl -s -m 1 http://192.168.64.1')).toBe(
      'command terminated with exit code 28',
    )
  })

  test('the rules say what they are for', async () => {
    await apply({ podSelector: web, ingress: [{ from: onlyClient, ports: [{ port: 8080 }] }] })
    expect(await run('ssh node1 iptables -S WEAVE-NPC-INGRESS | tail -1')).toMatch(
      /^-A WEAVE-NPC-INGRESS -p tcp -m tcp --dport 8080 -m set --match-set weave-\w+ src -m set --match-set weave-\w+ dst -m comment --comment "pods: namespace: default, selector: app=client -> pods: namespace: default, selector: app=web \(ingress\)" -j ACCEPT$/,
    )
  })

  test('ports may be a range, or named by the pod', async () => {
    await apply({ podSelector: web, ingress: [{ ports: [{ port: 8000, endPort: 8079 }] }] })
    expect(await reach()).toBe('')
    await apply({ podSelector: web, ingress: [{ ports: [{ port: 8080, endPort: 8090 }] }] })
    expect(await reach()).toBe('near far')
    await apply({ podSelector: { matchLabels: { app: 'named' } }, ingress: [{ ports: [{ port: 'web' }] }] })
    await run(
      `kubectl run named --image=registry.k8s.io/e2e-test-images/agnhost:2.53 --overrides='${JSON.stringify({ spec: { nodeName: 'node2', containers: [{ name: 'named', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: ['netexec', '--http-port=8080'], ports: [{ name: 'web', containerPort: 8080 }] }] } })}' --labels=app=named`,
    )
    await lab.settle()
    expect(await ask('client', await address('named'))).toBe('named')
    expect(await ask('client', await address('named'), 8081)).toBe('')
  })
})

test('without its router a node gives pods no address', async () => {
  await run('kubectl delete daemonset weave-net -n kube-system')
  await lab.settle()
  await start('late', 'node2')
  await lab.advance(4000)
  expect(await run('kubectl get events --field-selector involvedObject.name=late,type=Warning')).toMatch(
    /plugin type="weave-net" name="weave" failed \(add\): unable to allocate IP address: Post "http:\/\/127\.0\.0\.1:6784\/ip\/[0-9a-f]{64}": dial tcp 127\.0\.0\.1:6784: connect: connection refused/,
  )
  // What is there goes on: nothing but the routers has stopped.
  expect(await ask('client', await address('far'))).toBe('far')
})
