import { beforeAll, describe, expect, test } from 'vitest'
import { faultKinds } from '#simulator/cluster/faults.ts'
import { Lab } from '#simulator/lab.ts'
import { LabDefinitionError, readLabDefinition } from '#simulator/labDefinition.ts'

let lab: Lab

async function boot(yaml: string): Promise<void> {
  lab = await Lab.boot(readLabDefinition(yaml), 1)
}

/** What a command on the learner's machine prints, its errors included. */
async function run(command: string): Promise<string> {
  const { stdout, stderr } = await lab.run(command)
  return (stdout + stderr).trimEnd()
}

function wait(seconds: number): Promise<void> {
  return lab.advance(seconds * 1000)
}

/** A client on node1, and a web server on each of node1 and node2 behind a Service each. */
async function deploy(): Promise<void> {
  const on = (node: string) => `--overrides='{"spec":{"nodeName":"${node}"}}'`
  await run(`kubectl run client --image=nicolaka/netshoot:v0.13 ${on('node1')} -- sleep infinity`)
  for (const [name, node] of [
    ['near', 'node1'],
    ['far', 'node2'],
  ])
    await run(`kubectl run ${name} --image=nginx:1.27 --port=80 --expose ${on(node!)}`)
  await lab.settle()
}

const fetch = (name: string) =>
  run(`kubectl exec client -- curl -s -o /dev/null -m 2 -w '%{http_code}' http://${name} 2>/dev/null`)
const address = (name: string) => run(`kubectl get pod ${name} -o jsonpath={.status.podIP}`)

describe('a network that works', () => {
  beforeAll(async () => {
    await boot('')
    await deploy()
  })

  test('blocked UDP 8472 stops what the tunnel carries, and nothing else', async () => {
    await run('ssh node2 iptables -I INPUT -p udp --dport 8472 -j DROP')
    expect(await fetch(await address('far'))).toBe('000')
    expect(await fetch(await address('near'))).toBe('200')
    expect(await run('ssh node1 ping -c 1 -W 1 192.168.64.12')).toContain(' 0% packet loss')
    expect(await run('ssh node2 iptables -L INPUT 1 -nv')).toMatch(/^ +[1-9]\d* .* DROP .* udp dpt:8472/)
    await run('ssh node2 iptables -D INPUT -p udp --dport 8472 -j DROP')
    expect(await fetch(await address('far'))).toBe('200')
  })

  test('without forwarding a node delivers between its own pods only', async () => {
    await run('ssh node1 sysctl -w net.ipv4.ip_forward=0')
    expect(await fetch(await address('far'))).toBe('000')
    expect(await fetch(await address('near'))).toBe('200')
    await run('ssh node1 sysctl -w net.ipv4.ip_forward=1')
    expect(await fetch(await address('far'))).toBe('200')
  })

  test('when bridges hide frames from iptables a Service fails between pods of one node', async () => {
    const service = (name: string) => run(`kubectl get service ${name} -o jsonpath={.spec.clusterIP}`)
    const [near, far] = [await service('near'), await service('far')]
    await run('ssh node1 sysctl -w net.bridge.bridge-nf-call-iptables=0')
    expect(await fetch(near)).toBe('000')
    expect(await fetch(far)).toBe('200')
    expect(await fetch(await address('near'))).toBe('200')
    // The answer comes straight from the pod, and the client knows of no connection to it.
    await run('ssh node1 "tcpdump -nni cni0 -c 4 tcp port 80 > seen 2> /dev/null &"')
    await fetch(near)
    const seen = await run('ssh node1 cat seen')
    expect(seen).toContain(`${near}.80: Flags [S]`)
    expect(seen).toMatch(new RegExp(`${(await address('near')).replaceAll('.', '\\.')}\\.80 > .*Flags \\[S\\.\\]`))
    expect(seen).toMatch(/Flags \[R\]/)
    await run('ssh node1 sysctl -w net.bridge.bridge-nf-call-iptables=1')
    expect(await fetch(near)).toBe('200')
  })

  test('a path that is narrower than its ends know, and silent about it, swallows long packets only', async () => {
    await run('ssh node1 ip link set flannel.1 mtu 1000')
    await run('ssh node1 iptables -I OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP')
    const far = await address('far')
    const post = `kubectl exec client -- sh -c "head -c 5000 /dev/zero | curl -sS -m 5 -o /dev/null -w '%{http_code}' --data-binary @- http://${far}"`
    expect(await run(`kubectl exec client -- ping -c 1 -W 1 -s 1400 -M do ${far}`)).toContain(' 100% packet loss')
    expect(await fetch(far)).toBe('200')
    expect(await run(post)).toContain('curl: (28) Operation timed out after 5001 milliseconds with 0 bytes received')
    // With the message through, the sender learns what the path takes.
    await run('ssh node1 iptables -D OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP')
    expect(await run(`kubectl exec client -- ping -c 1 -W 1 -s 1400 -M do ${far}`)).toMatch(/mtu ?= ?1000/)
    expect(await run(post)).toBe('405')
    await run('ssh node1 ip link set flannel.1 mtu 1450')
  })

  test('a full connection table drops what would be new, and the kernel says so', async () => {
    const count = Number(await run('ssh node2 sysctl -n net.netfilter.nf_conntrack_count'))
    await run(`ssh node2 sysctl -w net.netfilter.nf_conntrack_max=${Math.max(1, count)}`)
    expect(await fetch(await address('far'))).toBe('000')
    const said = await run('ssh node2 dmesg | tail -1')
    expect(said).toMatch(/^\[ *\d+\.\d{6}\] nf_conntrack: nf_conntrack: table full, dropping packet$/)
    expect(await run('ssh node2 conntrack -S | head -1')).toMatch(/ drop=[1-9]/)
    await run('ssh node2 sysctl -w net.netfilter.nf_conntrack_max=262144')
    expect(await fetch(await address('far'))).toBe('200')
  })

  test('the target LOG writes packets into the log of the kernel', async () => {
    await run('ssh node2 dmesg -C')
    await run(`ssh node2 "iptables -I FORWARD -p tcp --dport 80 --syn -j LOG --log-prefix 'web: '"`)
    await fetch(await address('far'))
    expect((await run('ssh node2 dmesg')).split('\n')).toEqual([
      expect.stringMatching(
        /^\[ *\d+\.\d{6}\] web: IN=flannel\.1 OUT=cni0 MAC= SRC=10\.244\.1\.\d+ DST=10\.244\.2\.\d+ LEN=60 TOS=0x00 PREC=0x00 TTL=62 ID=\d+ DF PROTO=TCP SPT=\d+ DPT=80 WINDOW=\d+ RES=0x00 SYN URGP=0/,
      ),
    ])
    expect(await run('ssh node2 journalctl -k')).toMatch(/ node2 kernel: web: IN=flannel\.1 /)
    await run('ssh node2 iptables -D FORWARD 1')
  })

  test('flanneld puts back what is taken from its rules', async () => {
    await run('ssh node1 iptables -t nat -F FLANNEL-POSTRTG')
    expect(await run('kubectl exec client -- ping -c 1 -W 1 192.168.64.1')).toContain(' 100% packet loss')
    await wait(6)
    expect(await run('kubectl exec client -- ping -c 1 -W 1 192.168.64.1')).toContain(' 0% packet loss')
    expect(await run('kubectl logs -n kube-flannel -l app=flannel --tail 1 2>/dev/null')).toContain(
      'Some iptables rules are missing; deleting and recreating rules',
    )
  })

  test('a kubelet that is stopped is missed after fifty seconds, and its pods after five minutes more', async () => {
    await run('kubectl create deployment web --image=nginx:1.27 --replicas=2')
    await lab.settle()
    await run('ssh node2 systemctl stop kubelet')
    expect(await run('kubectl exec far -- true')).toBe(
      'Error from server: error dialing backend: dial tcp 192.168.64.12:10250: connect: connection refused',
    )
    expect(await run('kubectl logs far')).toContain(
      '/containerLogs/default/far/far": dial tcp 192.168.64.12:10250: connect: connection refused',
    )
    await wait(40)
    expect(await run('kubectl get node node2')).toContain(' Ready ')
    await wait(25)
    expect(await run('kubectl get node node2')).toContain(' NotReady ')
    expect(await fetch(await address('far'))).toBe('200')
    await wait(310)
    const pods = 'kubectl get pods -l app=web -o wide --no-headers'
    expect(await run(pods)).toMatch(/Terminating .* node2/)
    expect(await run('ssh node2 systemctl is-active kubelet')).toBe('inactive')
    await run('ssh node2 systemctl start kubelet')
    await wait(40)
    expect(await run('kubectl get node node2')).toContain(' Ready ')
    expect(await run(pods)).not.toContain('Terminating')
  })
})

describe('a node whose cable is out', () => {
  beforeAll(async () => {
    await boot('faults: [{fault: link-down, on: node2}]')
  })

  test('is NotReady, and nobody gets through to it', async () => {
    expect(await run('kubectl get node node2')).toContain(' NotReady ')
    expect(await run('ping -c 1 -W 1 192.168.64.12')).toContain('100% packet loss')
    const name = await run(
      'kubectl get pods -n kube-system -l k8s-app=kube-proxy --field-selector spec.nodeName=node2 -o name',
    )
    expect(await run(`kubectl exec -n kube-system ${name} -- true`)).toBe(
      'Error from server: error dialing backend: dial tcp 192.168.64.12:10250: connect: no route to host',
    )
  })

  test('comes back with its cable, but without the routes that went with it', async () => {
    await run('ssh node2 ip link set eth0 up')
    await wait(15)
    expect(await run('kubectl get node node2')).toContain(' Ready ')
    expect(await run('ssh node2 ip route')).not.toContain('default')
  })

  test('hears of a pod only then', async () => {
    await run('ssh node2 ip link set eth0 down')
    await run(`kubectl run late --image=nginx:1.27 --overrides='{"spec":{"nodeName":"node2"}}'`)
    await wait(10)
    expect(await run('kubectl get pod late')).toContain('Pending')
    await run('ssh node2 ip link set eth0 up')
    await wait(10)
    expect(await run('kubectl get pod late')).toContain('Running')
  })
})

test('faults of the cluster stop its daemons', async () => {
  await boot('faults: [stopped-dns, stopped-kube-proxy]')
  await deploy()
  expect(await run('kubectl get pods -n kube-system -o name')).not.toMatch(/coredns|kube-proxy/)
  expect(await run('kubectl exec client -- nslookup -timeout=1 near')).toContain('timed out')
  expect(await fetch(await address('near'))).toBe('200')
  // A Service that is younger than the last kube-proxy has no rules.
  const service = await run('kubectl get service near -o jsonpath={.spec.clusterIP}')
  expect(await fetch(service)).toBe('000')
  expect(await run(`ssh node1 iptables-save | grep -c ${service}`)).toBe('0')
})

test('without CoreDNS names are refused, and addresses work', async () => {
  await boot('faults: [stopped-dns]')
  await deploy()
  expect(await run('kubectl exec client -- nslookup -timeout=1 near')).toContain('connection refused')
  expect(await run('kubectl exec client -- curl -sS -m 20 http://near')).toContain('Could not resolve host: near')
  expect(await fetch(await run('kubectl get service near -o jsonpath={.spec.clusterIP}'))).toBe('200')
  await run('kubectl scale -n kube-system deployment coredns --replicas=2')
  await lab.settle()
  expect(await fetch('near')).toBe('200')
})

test('without the file of flanneld a node gives its pods no network', async () => {
  await boot('faults: [missing-flannel, {fault: lost-subnet-file, on: node1}]')
  await run(`kubectl run web --image=nginx:1.27 --overrides='{"spec":{"nodeName":"node1"}}'`)
  await wait(5)
  expect(await run('kubectl get events --field-selector involvedObject.name=web,type=Warning')).toContain(
    `plugin type="flannel" failed (add): failed to load flannel 'subnet.env' file: open /run/flannel/subnet.env: no such file or directory. Check the flannel pod log for this node.`,
  )
})

test('flanneld refuses a range that its node is not in', async () => {
  await boot('cni: {plugin: flannel, podRange: 10.10.0.0/16}')
  expect(await run('kubectl get nodes')).toMatch(/node1 +NotReady|node1 +Ready/)
  expect(await run('kubectl logs -n kube-flannel ds/kube-flannel-ds 2>&1 | tail -1')).toMatch(
    /failed to acquire lease: subnet "10\.10\.0\.0\/16" specified in the flannel net config doesn't contain "10\.244\.\d\.0\/24" PodCIDR of the "[\w-]+" node$/,
  )
})

test('loss and delay come from tc, and go with it', async () => {
  await boot('faults: [{fault: latency, on: node1, milliseconds: 100}, {fault: packet-loss, on: node2, percent: 100}]')
  expect(await run('ping -c 1 192.168.64.11')).toMatch(/time=(1|2)\d\d ms/)
  expect(await run('ssh node1 tc qdisc show dev eth0')).toBe('qdisc netem 8001: root refcnt 2 limit 1000 delay 100ms')
  expect(await run('ping -c 1 -W 1 192.168.64.12')).toContain('100% packet loss')
  await run('ssh node1 tc qdisc del dev eth0 root; ssh node2 tc qdisc del dev eth0 root')
  expect(await run('ping -c 1 192.168.64.11')).toMatch(/time=0\.\d+ ms/)
  expect(await run('ping -c 1 -W 1 192.168.64.12')).toContain(' 0% packet loss')
})

test('the same seed loses the same packets', async () => {
  const lost = async () => {
    await boot('faults: [{fault: packet-loss, on: node1, percent: 40}]')
    return run("ping -c 12 -i 0.2 -W 1 192.168.64.11 | grep -o 'icmp_seq=[0-9]*'")
  }
  const first = await lost()
  expect(first.split('\n').length).toBeLessThan(12)
  expect(await lost()).toBe(first)
})

test('every kind of fault can be brought about', async () => {
  const examples: Readonly<Record<string, string>> = {
    percent: '1',
    milliseconds: '5',
    port: '9999',
    connections: '100000',
    name: 'net.ipv4.ip_forward',
    value: '"1"',
    bytes: '1500',
  }
  const lines = faultKinds.map(({ name, isLocal, settings }, index) => {
    const given = Object.entries(settings).filter(([, setting]) => setting.default === undefined)
    const words = given.map(([key]) => `, ${key}: ${examples[key]}`).join('')
    // Two disciplines do not fit on one interface.
    return `  - {fault: ${name}${isLocal ? `, on: node${1 + (index % 2)}` : ''}${words}}`
  })
  await boot(`faults:\n${lines.join('\n')}\n`)
  expect(await run('kubectl get nodes')).toContain('NotReady')
})

describe('an author who is mistaken is told', () => {
  test.each([
    ['nodes: 1', 'lab.yaml: nodes must be a number from 2 to 5, not 1'],
    ['nodes: many', 'lab.yaml: nodes must be a number from 2 to 5, not many'],
    ['faults: link-down', 'lab.yaml: faults must be a list'],
    ['faults: [slow]', 'lab.yaml: faults[0]: unknown fault slow (known: link-down, packet-loss, '],
    [
      'faults: [{fault: link-down}]',
      'lab.yaml: faults[0]: on must name a machine (there are: control-plane, node1, node2)',
    ],
    ['nodes: 2\nfaults: [{fault: link-down, on: node2}]', 'on must name a machine (there are: control-plane, node1)'],
    ['faults: [{fault: packet-loss, on: node1}]', 'lab.yaml: faults[0]: packet-loss needs percent'],
    ['faults: [{fault: packet-loss, on: node1, percent: 101}]', 'percent must be a number from 1 to 100, not 101'],
    ['faults: [{fault: stopped-dns, on: node1}]', 'lab.yaml: faults[0]: unknown setting on (known: fault)'],
    ['faults: [{fault: link-down, on: node1, interface: "a; b"}]', 'lab.yaml: faults[0]: interface must be one word'],
  ])('%s', (yaml, message) => {
    expect(() => readLabDefinition(yaml)).toThrow(LabDefinitionError)
    expect(() => readLabDefinition(yaml)).toThrow(message)
  })

  test('a fault that does not suit the cluster fails the boot', async () => {
    await expect(boot('faults: [{fault: link-down, on: node1, interface: eth7}]')).rejects.toThrow(
      'fault on node1: Cannot find device "eth7"',
    )
  })
})

test('a lab may have two machines or five', async () => {
  await boot('nodes: 5')
  expect((await run('kubectl get nodes --no-headers')).split('\n')).toHaveLength(5)
  await boot('nodes: 2')
  expect(await run('kubectl get nodes -o name')).toBe('node/control-plane\nnode/node1')
})

test('CoreDNS with a word in its Corefile that it does not know says so and ends', async () => {
  await boot('')
  const edit = "sed 's/kubernetes cluster.local/kubernete cluster.local/'"
  await run(`kubectl -n kube-system get configmap coredns -o yaml | ${edit} | kubectl replace -f -`)
  await run('kubectl -n kube-system delete pods -l k8s-app=kube-dns --now')
  await wait(10)
  const pods = 'kubectl -n kube-system get pods -l k8s-app=kube-dns'
  expect(await run(`${pods} --no-headers`)).toMatch(/CrashLoopBackOff|Error/)
  const name = await run(`${pods} -o jsonpath='{.items[0].metadata.name}'`)
  expect(await run(`kubectl -n kube-system logs ${name}`)).toBe(
    "/etc/coredns/Corefile:7 - Error during parsing: Unknown directive 'kubernete'",
  )
})
