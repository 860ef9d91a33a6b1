import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, isReady, requestSeen } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const addressOf = ({ client }: World, name: string) => client.get(pod, name, 'default')?.status.podIP

/** The bridge port behind which a pod's Ethernet address is, as the bridge learns it from a ping. */
async function portOf(world: World, name: string): Promise<string | undefined> {
  const address = addressOf(world, name)
  await world.run(`ssh node1 ping -c 1 -W 1 ${address}`, 5_000)
  const { stdout: neighbour } = await world.run(`ssh node1 ip neigh show ${address}`)
  const mac = /lladdr (\S+)/.exec(neighbour)?.[1]
  const { stdout: table } = await world.run('ssh node1 bridge fdb show br cni0')
  return table
    .split('\n')
    .find(line => mac !== undefined && line.startsWith(`${mac} `))
    ?.split(' ')[2]
}

export default defineChecks([
  {
    id: 'localhost',
    points: 1,
    title: {
      ko: 'client의 localhost가 80번을 거절하는 것을 봤어요',
      en: 'You have seen the localhost of client refuse port 80',
    },
    hints: [
      {
        ko: 'client 파드 안에서 자기 자신의 80번 포트를 불러요.',
        en: 'From inside the pod client, call its own port 80.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'default/client', toAddress: '127.0.0.1', toPort: 80, verdict: ['refused', 'rejected'] },
      {
        ko: 'client에서 localhost의 80번으로 보낸 요청이 아직 없어요.',
        en: 'No request from client to port 80 of its localhost has been seen yet.',
      },
    ),
  },
  {
    id: 'by-address',
    points: 1,
    title: { ko: 'client가 web을 파드의 주소로 불렀어요', en: 'client has called web by its pod address' },
    hints: [
      {
        ko: '노드가 아니라 client 파드 안에서, web의 IP로 불러요.',
        en: 'Call the IP of web, from inside the pod client and not from the node.',
      },
    ],
    probe: requestSeen(
      {
        protocol: 'tcp',
        from: 'default/client',
        toAddress: world => addressOf(world, 'web'),
        toPort: 80,
        verdict: 'answered',
      },
      {
        ko: 'client에서 web의 주소 80번으로 보낸 요청이 아직 답을 받지 못했어요.',
        en: 'No request from client to the address of web, port 80, has been answered yet.',
      },
    ),
  },
  {
    id: 'web-port',
    points: 2,
    title: {
      ko: 'web-port.txt에 web이 꽂힌 선이 적혀 있어요',
      en: 'web-port.txt names the cable that leads to web',
    },
    hints: [
      {
        ko: 'client의 이웃 목록에서 web의 MAC 주소를 봐요. client 자신의 MAC 주소와 헷갈리지 마세요.',
        en: 'Take the MAC address of web from the neighbours of client. Mind that it is not that of client itself.',
      },
      {
        ko: '브리지의 표에서 그 MAC 주소로 시작하는 줄을 찾아요. dev 뒤의 이름이 답이에요.',
        en: 'Find the line of the bridge’s table that begins with this MAC address. The name after dev is it.',
      },
    ],
    async probe(world) {
      const { stdout, status } = await world.run('cat web-port.txt')
      if (status !== 0)
        return fail({ ko: 'web-port.txt 파일이 아직 없어요.', en: 'There is no file web-port.txt yet.' })
      const named = stdout.trim()
      if (named === (await portOf(world, 'web'))) return pass(named)
      if (named === (await portOf(world, 'client')))
        return fail({ ko: '그것은 client의 선이에요.', en: 'That is the cable of client.' }, named)
      return fail(
        {
          ko: '브리지의 표에서 web의 MAC 주소는 그 선 뒤에 있지 않아요.',
          en: 'In the table of the bridge, the MAC address of web is not behind that cable.',
        },
        named,
      )
    },
  },
  {
    id: 'no-router',
    points: 1,
    title: { ko: 'ttl이 줄지 않은 까닭을 알아요', en: 'You know why the ttl has not fallen' },
    hints: [
      {
        ko: 'ttl은 누가, 무엇을 할 때 줄이나요? trace에 적힌 곳 가운데 그 일을 한 곳이 있었나요?',
        en: 'Who lowers the ttl, doing what? Did any of the stops that trace told of do that?',
      },
    ],
    probe: answeredRightly('no-router', 'no-router', {
      ko: 'trace가 들려준 길에 그런 곳은 없었어요.',
      en: 'The way that trace told has no such stop.',
    }),
  },
  {
    id: 'repair',
    points: 3,
    title: {
      ko: '고치기: node1의 다섯 파드가 모두 통해요',
      en: 'Repair: all five pods of node1 reach each other',
    },
    hints: [
      {
        ko: '셋에서 차례로 web에 ping을 보내요. 안 되는 파드가 있으면, 그 파드의 이웃 목록에 무엇이 남는지 봐요.',
        en: 'Ping web from each of the three. Where that fails, see what its list of neighbours says afterwards.',
      },
      {
        ko: '그 파드가 보내는 동안 노드의 모든 인터페이스에서 arp를 엿들어요. 다른 파드의 물음은 어디까지 가나요?',
        en: 'While it sends, listen for arp at all interfaces of the node. How far do the questions of other pods get?',
      },
      {
        ko: '노드에 있는 veth의 수와, 브리지에 꽂힌 veth의 수를 비교해요.',
        en: 'Compare how many veths the node has with how many are plugged into the bridge.',
      },
    ],
    async probe(world) {
      for (const name of ['harbor', 'market', 'temple']) {
        const found = world.client.get(pod, name, 'default')
        if (!found || !isReady(found) || found.spec.nodeName !== 'node1')
          return fail(
            {
              ko: `${name} 파드가 node1에서 준비돼 있어야 해요.`,
              en: `The pod ${name} has to be ready, on node1.`,
            },
            found?.status.phase,
          )
        for (const other of ['web', 'client']) {
          const { status } = await world.run(`kubectl exec ${name} -- ping -c 1 -W 1 ${addressOf(world, other)}`, 8_000)
          if (status !== 0)
            return fail(
              {
                ko: '아직 이웃에 닿지 못하는 파드가 있어요. 그 파드의 물음이 cni0까지 가는지 봐요.',
                en: 'A pod does not reach its neighbours yet. See whether its questions get as far as cni0.',
              },
              `${name} → ${other}`,
            )
        }
      }
      return pass()
    },
  },
])
