import { expect, test } from 'vitest'
import { en } from '#simulator/kubehop/en.ts'
import { ko } from '#simulator/kubehop/ko.ts'
import { Lab } from '#simulator/lab.ts'
import { readLabSettings } from '#simulator/labDefinition.ts'

async function bootLab(settings: Record<string, string> = {}): Promise<Lab> {
  const lab = await Lab.boot({ cluster: readLabSettings(settings), files: {} }, 1)
  await lab.run('kubectl create deployment web --image=nginx')
  await lab.run('kubectl expose deployment web --port=80 --type=NodePort')
  await lab.run('kubectl run client --image=busybox:1.37 -- sleep 1d')
  await lab.settle()
  return lab
}

async function output(lab: Lab, command: string): Promise<string> {
  const { stdout, stderr } = await lab.run(command)
  return stdout + stderr
}

/** What stands below "Why". */
async function reason(lab: Lab, command: string): Promise<string> {
  return (await output(lab, `${command} --why`)).split(/^(?:Why|이유)$/m)[1] ?? ''
}

const shared = await bootLab()

test('a connection to a Service is told hop by hop, with the rules that chose the pod', async () => {
  const { stdout, status } = await shared.run('kubehop trace client svc/web')
  expect(status).toBe(0)
  expect(stdout).toMatch(
    /^default\/client → svc\/default\/web:80 \(tcp\): answered\n\nThere\n {2}1\. pod default\/client: kubehop sends the packet\.\n/,
  )
  expect(stdout).toMatch(
    /the destination is changed: 10\.\S+:80 becomes 10\.244\.\d\.\d+:80\.\n {6}-A PREROUTING .* -j KUBE-SERVICES\n {6}-A KUBE-SERVICES .* -j KUBE-SVC-LOLE4ISW44XBNF3G\n {6}-A KUBE-SVC-LOLE4ISW44XBNF3G .* -j KUBE-SEP-\w+\n {6}-A KUBE-SEP-\w+ .* -j DNAT --to-destination 10\.244\.\d\.\d+:80\n/,
  )
  expect(stdout).toMatch(/\nBack\n +\d+\. pod default\/web-\S+: nginx sends the packet\./)
  expect(stdout).toMatch(/the connection table knows this connection: 10\.244\.\d\.\d+:80 becomes 10\.\S+:80\./)
})

test('the packets are real: counters of the rules grow', async () => {
  const count = async () => {
    const chain = await output(shared, 'ssh node1 sudo iptables-save -c -t nat; ssh node2 sudo iptables-save -c -t nat')
    return [...chain.matchAll(/^\[(\d+):\d+\] -A KUBE-SEP-\S+ .*default\/web.* -j DNAT/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    )
  }
  const before = await count()
  await shared.run('kubehop trace client svc/web')
  expect(await count()).toBe(before + 1)
})

test('in Korean it says the same hops', async () => {
  const english = await output(shared, 'kubehop trace client svc/web')
  const korean = await output(shared, 'LANG=ko_KR.UTF-8 kubehop trace client svc/web')
  const numbered = (text: string) => text.split('\n').filter(line => /^ *\d+\. /.test(line)).length
  expect(korean).toMatch(/응답이 왔어요\n\n가는 길\n {2}1\. 파드 default\/client: 프로그램 kubehop에서 패킷을 보내요\./)
  expect(Math.abs(numbered(korean) - numbered(english))).toBeLessThanOrEqual(6)
  expect(await output(shared, 'kubehop trace client svc/web --lang=ko')).toContain('가는 길')
})

test('help, mistakes and completion', async () => {
  expect((await shared.run('kubehop --help')).stdout).toBe(en.help)
  expect((await shared.run('kubehop trace --help --lang ko')).stdout).toBe(ko.help)
  const mistakes = [
    ['kubehop', 'what to do? The command is: trace'],
    ['kubehop fly', 'unknown command "fly"; there is: trace'],
    ['kubehop trace client', 'to whom? TO is missing'],
    ['kubehop trace svc/web client', 'svc/web: a Service sends nothing by itself; name a pod, a node or lab'],
    ['kubehop trace client svc/nix', 'there is no service "nix" in namespace "default"'],
    ['kubehop trace client web:70000', '"70000" is neither a port number (1–65535) nor the name of a port'],
    ['kubehop trace client svc/web:http', 'svc/default/web has no port named "http"'],
    ['kubehop trace client web --udp --icmp', 'only one of --udp, --icmp and --sctp, please'],
    ['kubehop trace client web -o yaml', 'unknown output "yaml"; there are text and json'],
  ] as const
  for (const [command, message] of mistakes)
    expect(await shared.run(command), command).toEqual({
      stdout: '',
      stderr: `kubehop: ${message}\n${en.tryHelp}\n`,
      status: 2,
    })
})

test('a pod may be written as the headings write it', async () => {
  const lab = await bootLab()
  await lab.run('kubectl create namespace arcade; kubectl run db -n arcade --image=nginx; kubectl create namespace po')
  await lab.run('kubectl run db -n po --image=nginx')
  await lab.settle()
  const heading = async (command: string) => (await output(lab, `kubehop trace ${command}`)).split('\n')[0]
  expect(await heading('default/client arcade/db:80')).toBe('default/client → arcade/db:80 (tcp): answered')
  expect(await heading('-n arcade db default/client --icmp')).toBe('arcade/db → default/client (icmp): answered')
  // A kind comes first; what is neither a kind nor a pod is refused as before.
  expect(await heading('client po/client --icmp')).toBe('default/client → default/client (icmp): answered')
  expect(await heading('client po/db')).toContain('there is no pod "db" in namespace "default"')
  expect(await heading('client arcade/nix')).toContain('"arcade/nix": known are pod/')
  expect(await heading('client arcade/db/80')).toContain('"arcade/db/80": known are pod/')
})

test('what has no address, no port or nobody to ask says so', async () => {
  const lab = await bootLab()
  await lab.run('kubectl create service externalname ext --external-name=example.com')
  await lab.run(
    'kubectl create service clusterip headless --clusterip=None --tcp=80; kubectl run crash --image=busybox:1.37 -- false',
  )
  await lab.run(
    `kubectl run waiting --image=busybox:1.37 --overrides='{"spec":{"nodeSelector":{"no":"where"}}}' -- sleep 1d`,
  )
  await lab.settle()
  const refusal = async (command: string) => (await lab.run(`kubehop trace ${command}`)).stderr.split('\n')[0]
  expect(await refusal('client svc/ext')).toContain('svc/default/ext is only another name for example.com')
  expect(await refusal('client svc/headless')).toContain('svc/default/headless is headless')
  expect(await refusal('client waiting')).toContain('default/waiting has no address yet (Pending)')
  expect(await refusal('waiting client')).toContain('default/waiting has no network yet')
  expect(await refusal('crash web')).toContain('no container of default/crash runs')
  expect(await refusal('client :80')).toContain('TO is missing')
  expect(await reason(lab, 'kubehop trace lab svc/web')).toContain(
    'lab stands outside of the cluster and has no such rules.',
  )
  expect(await reason(lab, 'kubehop trace lab svc/web --lang ko')).toContain('클러스터 밖이라서')
})

test('a ping to a ClusterIP and a port that the Service lacks meet no rule', async () => {
  expect(await reason(shared, 'kubehop trace client svc/web --icmp')).toContain('an echo request has no port')
  expect(await reason(shared, 'kubehop trace client svc/web:81')).toContain(
    'Service svc/default/web has no port 81/tcp; it has 80/TCP.',
  )
})

test('names are looked up as the sender would', async () => {
  expect(await output(shared, 'kubehop trace client web')).toMatch(/^web is 10\.\S+, says 10\.96\.0\.10\.$/m)
  expect(await output(shared, 'kubehop trace client nope')).toMatch(
    /There is no name nope, says 10\.96\.0\.10\. Tried: nope\.default\.svc\.cluster\.local, nope\.svc\.cluster\.local, nope\.cluster\.local, nope\.\n/,
  )
})

test('a name that stands in /etc/hosts was asked of no name server', async () => {
  expect(await output(shared, 'kubehop trace client localhost:80')).toMatch(/^localhost is 127\.0\.0\.1\.$/m)
})

test('a Service without endpoints says why it has none', async () => {
  const lab = await bootLab()
  await lab.run('kubectl create service clusterip empty --tcp=80')
  await lab.run('kubectl create service clusterip wrong --tcp=80:8080')
  await lab.run(`kubectl patch service wrong -p '{"spec":{"selector":{"app":"web"}}}'`)
  await lab.run('kubectl run sick --image=nginx:nowhere --labels=app=sick --port=80')
  await lab.run('kubectl expose pod sick')
  await lab.settle()
  expect(await reason(lab, 'kubehop trace client svc/empty')).toContain(
    'Service svc/default/empty has no endpoints: no pod of its namespace has the labels app=empty.',
  )
  expect(await reason(lab, 'kubehop trace client svc/sick')).toMatch(
    /Service svc\/default\/sick has no ready endpoints: sick \(0\/1 \w+\)\. Only ready pods get traffic\./,
  )
  expect(await reason(lab, 'kubehop trace client svc/wrong')).toMatch(
    /nobody listens on port 8080\/tcp; listening: 80\/tcp \(nginx\)\. Check targetPort of Service svc\/default\/wrong\./,
  )
})

test('a program that listens at another address of the pod is named with that address', async () => {
  const lab = await bootLab()
  await lab.run(
    `kubectl create configmap shy --from-literal=default.conf='server { listen 127.0.0.1:9000; listen 8000; }'`,
  )
  const volume = '{"name":"settings","configMap":{"name":"shy"}}'
  const container =
    '{"name":"shy","image":"nginx","volumeMounts":[{"name":"settings","mountPath":"/etc/nginx/conf.d"}]}'
  await lab.run(
    `kubectl run shy --image=nginx --overrides='{"spec":{"containers":[${container}],"volumes":[${volume}]}}'`,
  )
  await lab.run('kubectl expose pod shy --port=80 --target-port=9000')
  await lab.settle()
  expect(await reason(lab, 'kubehop trace client svc/shy')).toMatch(
    /^\n {2}The packet reached pod default\/shy for 10\.244\.\d\.\d+, but port 9000\/tcp is open only at 127\.0\.0\.1 \(nginx\)\. The kernel there turned it away at once\.\n {2}Look: kubectl -n default exec shy -- netstat -ltn\n$/,
  )
  expect(await reason(lab, 'kubehop trace client svc/shy --lang ko')).toMatch(
    /포트 9000\/tcp를 듣는 주소는 127\.0\.0\.1 \(nginx\)뿐이에요\./,
  )
  await lab.run('kubectl expose pod shy --name=wrong --port=80 --target-port=9001')
  await lab.settle()
  expect(await reason(lab, 'kubehop trace client svc/wrong')).toContain(
    'listening: 127.0.0.1:9000/tcp (nginx), 8000/tcp (nginx).',
  )
})

test('without name servers the path is that of the question', async () => {
  const lab = await bootLab()
  await lab.run('kubectl -n kube-system scale deployment coredns --replicas=0; sleep 60')
  const told = await output(lab, 'kubehop trace client web --why')
  expect(told).toMatch(/^default\/client → web \(udp\): no answer$/m)
  expect(told).toMatch(/> 10\.96\.0\.10:53 udp/)
  expect(told).toContain(
    'Service svc/kube-system/kube-dns has no endpoints: no pod of its namespace has the labels k8s-app=kube-dns.',
  )
})

test('faults of a node are found where they are', async () => {
  const lab = await bootLab()
  await lab.run('for node in node1 node2; do ssh $node sudo sysctl -w net.ipv4.ip_forward=0; done')
  expect(await reason(lab, 'kubehop trace client node/control-plane')).toMatch(
    /node node\d got a packet that is not for itself, and does not forward: net\.ipv4\.ip_forward is 0\.\n {2}Look: ssh node\d sysctl net\.ipv4\.ip_forward/,
  )
  await lab.run(
    'for node in node1 node2; do ssh $node sudo sysctl -w net.ipv4.ip_forward=1; ssh $node sudo ip link set cni0 down; done',
  )
  expect(await reason(lab, 'kubehop trace client svc/web')).toMatch(
    /Interface cni0 of node node\d is down\.\n {2}Look: ssh node\d ip link/,
  )
  await lab.run('sudo ip route del default')
  expect(await reason(lab, 'kubehop trace lab 10.244.1.9')).toContain('no route')
})

test('with an external traffic policy only nodes with an endpoint answer', async () => {
  const lab = await bootLab()
  await lab.run(`kubectl patch service web -p '{"spec":{"externalTrafficPolicy":"Local"}}'`)
  const port = await output(lab, "kubectl get service web -o jsonpath='{.spec.ports[0].nodePort}'")
  const host = (await output(lab, "kubectl get pod -l app=web -o jsonpath='{.items[0].spec.nodeName}'")).trim()
  const other = host === 'node1' ? 'node2' : 'node1'
  expect(await reason(lab, `kubehop trace lab node/${other}:${port}`)).toContain(
    `node ${other} has none; there are some on ${host}.`,
  )
  expect(await reason(lab, `kubehop trace lab node/${host}:${port}`)).toMatch(/pod default\/web-\S+ answered\.\n/)
})

test.each([['nftables'], ['ipvs']])('with kube-proxy in %s mode the rules are told as well', async proxy => {
  const lab = await bootLab({ proxy })
  const told = await output(lab, 'kubehop trace client svc/web --why')
  expect(told).toMatch(/the destination is changed: 10\.\S+:80 becomes 10\.244\.\d\.\d+:80\.\n {6}\S/)
  expect(told).toMatch(/pod default\/web-\S+ answered\./)
  await lab.run('kubectl scale deployment web --replicas=0; sleep 40')
  expect(await reason(lab, 'kubehop trace client svc/web')).toContain('no pod of its namespace has the labels app=web')
})

test.each([['nftables'], ['ipvs']])(
  'a ping to a Service is rejected by a rule of kube-proxy in %s mode',
  async proxy => {
    const lab = await bootLab({ proxy })
    const { stdout: told } = await lab.run('kubehop trace client svc/web --icmp --why')
    expect(told).toMatch(/^default\/client → svc\/default\/web \(icmp\): rejected\n/)
    expect(told).toMatch(/: a rule rejects it \(icmp-port-unreachable\)\.\n {6}\S/)
    expect(told).toContain('Only packets for its ports are sent on to a pod, and an echo request has no port.')
    expect(told).not.toContain('dropped')
  },
)

test.each([
  ['calico', /cali-tw-cali\w+ .* -j DROP/],
  ['cilium', /policy map \d+: no ingress entry for identity \d+/],
])('a policy that %s enforces is named, with the line that dropped the packet', async (cni, line) => {
  const lab = await bootLab({ cni })
  await lab.run('sleep 30')
  expect(await reason(lab, 'kubehop trace client svc/web')).toMatch(/pod default\/web-\S+ answered\./)
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'deny-all' } }
  lab.saveFile('deny.json', JSON.stringify({ ...policy, spec: { podSelector: { matchLabels: { app: 'web' } } } }))
  await lab.run('kubectl apply -f deny.json; sleep 5')
  const told = await output(lab, 'kubehop trace client svc/web --why')
  expect(told).toMatch(line)
  expect(told).toMatch(
    /A network policy stopped it on node \S+\. Policy default\/deny-all selects default\/web-\S+ for ingress, and no rule allows this packet\./,
  )
})

test('two pods with one address are told apart', async () => {
  const lab = await bootLab({ cni: 'bridge' })
  await lab.run('kubectl scale deployment web --replicas=4')
  await lab.settle()
  let told = ''
  for (let attempt = 0; attempt < 12; attempt++) told += await reason(lab, 'kubehop trace client svc/web')
  expect(told).toMatch(
    /The packet reached pod default\/client, which turned it away\. The address 10\.244\.88\.\d belongs to several pods: /,
  )
})

test('where sockets choose the endpoint, a Service without endpoints lets no packet leave', async () => {
  const lab = await bootLab({ cni: 'cilium' })
  await lab.run('kubectl create service clusterip empty --tcp=80; sleep 20')
  expect(await reason(lab, 'kubehop trace client svc/empty')).toContain(
    'no pod of its namespace has the labels app=empty',
  )
})

test('a packet leaves from the pod that is there now, not from one of the same name that is still ending', async () => {
  const lab = await bootLab()
  const address = async () => (await lab.run(`kubectl get pod client -o jsonpath='{.status.podIP}'`)).stdout
  const before = await address()
  await lab.run('kubectl get pod client -o yaml > client.yaml; kubectl replace --force -f client.yaml; sleep 5')
  expect(await address()).not.toBe(before)
  expect(await output(lab, 'kubehop trace client svc/web')).toContain(`${await address()}:`)
})

test('a route that swallows packets is told from one that refuses them', async () => {
  const lab = await bootLab()
  const routes = 'ip route add blackhole 198.51.100.0/25; ip route add unreachable 198.51.100.128/25'
  await lab.run(`for node in node1 node2; do ssh $node '${routes}'; done`)
  expect(await reason(lab, 'kubehop trace client 198.51.100.7:80')).toContain('drops all packets without a word')
  expect(await reason(lab, 'kubehop trace client 198.51.100.200:80')).toContain('refuses all packets')
})

test('Tab completes the command, who sends, who is asked and options', async () => {
  const lab = await bootLab()
  let screen = ''
  lab.onOutput(text => {
    screen += text
  })
  lab.openTerminal(120, 30)
  await lab.advance(100)
  const type = async (keys: string) => {
    screen = ''
    lab.input(keys)
    await lab.advance(500)
    const typed = screen
    lab.input('\x03')
    await lab.advance(100)
    return typed
  }
  expect(await type('kubehop t\t')).toContain('kubehop trace ')
  expect(await type('kubehop trace cl\t')).toContain('kubehop trace client ')
  expect(await type('kubehop trace client svc/w\t')).toContain('kubehop trace client svc/web')
  expect(await type('kubehop trace client web --w\t')).toContain('--why')
  expect(await type('kubehop trace client web --lang k\t')).toContain('--lang ko')
})
