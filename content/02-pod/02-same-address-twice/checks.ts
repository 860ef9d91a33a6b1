import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, podReady, requestSeen } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const places = { client: 'node1', tea: 'node1', guest: 'node2', coffee: 'node2' } as const

const addressOf = ({ client }: World, name: string) => client.get(pod, name, 'default')?.status.podIP

export default defineChecks([
  {
    id: 'which-cup',
    points: 1,
    title: {
      ko: 'client가 coffee의 IP를 불렀다가 이웃의 답을 받았어요',
      en: 'client has called the IP of coffee and got the answer of a neighbour',
    },
    hints: [
      {
        ko: 'client 파드 안에서, 목록에 적힌 coffee의 IP를 8080번 포트로 불러요.',
        en: 'From inside the pod client, call the IP that the list gives for coffee, on port 8080.',
      },
      {
        ko: '이미 범위를 나눴다면 실습실을 처음으로 되돌리고 먼저 불러 봐요.',
        en: 'If the ranges are parted already, reset the lab and call it first.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'default/client', toAddress: '172.17.0.3', toPort: 8080, verdict: 'answered' },
      {
        ko: 'client에서 coffee의 첫 주소 172.17.0.3으로 보낸 주문이 아직 없어요.',
        en: 'No order from client at the first address of coffee, 172.17.0.3, has been seen yet.',
      },
    ),
  },
  {
    id: 'apart',
    points: 2,
    title: { ko: '네 파드의 주소가 모두 달라요', en: 'All four pods have different addresses' },
    hints: [
      {
        ko: '두 노드의 설정에서 subnet을 나란히 놓고 비교해요.',
        en: 'Put the subnets of both nodes side by side.',
      },
      {
        ko: '떠 있는 파드는 옛 주소를 그대로 써요. 새 주소는 새 파드가 받아요.',
        en: 'Pods that run keep their addresses. It is new pods that get new ones.',
      },
      {
        ko: 'ContainerCreating이라면 이벤트를 읽어요. 브리지가 옛 주소를 쥐고 있으면 플러그인이 멈춰요.',
        en: 'At ContainerCreating, read the events: the plugin stops where a bridge holds on to its old address.',
      },
    ],
    probe: allOf(...Object.keys(places).map(name => podReady(name)), world => {
      const holders = new Map<string, string>()
      for (const [name, node] of Object.entries(places)) {
        const found = world.client.get(pod, name, 'default')
        if (found?.spec.nodeName !== node)
          return fail(
            { ko: `${name} 파드는 ${node}에 있어야 해요.`, en: `The pod ${name} has to be on ${node}.` },
            found?.spec.nodeName,
          )
        const address = found.status.podIP ?? ''
        const other = holders.get(address)
        if (other)
          return fail(
            {
              ko: `${other} 파드와 ${name} 파드의 주소가 같아요.`,
              en: `The pods ${other} and ${name} have the same address.`,
            },
            address,
          )
        holders.set(address, name)
      }
      return pass([...holders.keys()].join(', '))
    }),
  },
  {
    id: 'reach',
    points: 3,
    needs: ['apart'],
    title: {
      ko: 'client는 커피를, guest는 차를 받아요',
      en: 'client gets coffee, and guest gets tea',
    },
    hints: [
      {
        ko: '각 노드의 경로를 봐요. 다른 노드의 범위를 말하는 줄이 있나요?',
        en: 'Look at the routes of each node. Is there a line about the range of the other?',
      },
      {
        ko: '한 방향만 된다면 다른 노드에 거꾸로 된 길이 빠진 거예요.',
        en: 'If one direction works only, the other node lacks the way in return.',
      },
    ],
    async probe(world) {
      for (const [from, bar] of [
        ['client', 'coffee'],
        ['guest', 'tea'],
      ] as const) {
        const address = addressOf(world, bar)
        const { stdout, stderr } = await world.run(
          `kubectl exec ${from} -- curl -sS -m 3 http://${address}:8080`,
          10_000,
        )
        if (stdout.trim() !== `a cup of ${bar}`)
          return fail(
            {
              ko: `${from} 파드에서 ${bar} 파드의 주소로 주문했지만 그 음료가 오지 않아요.`,
              en: `An order from ${from} at the address of ${bar} does not bring that drink.`,
            },
            `${address}: ${stdout.trim() || stderr.split('\n')[0]}`,
          )
      }
      return pass()
    },
  },
  {
    id: 'what-cured',
    points: 1,
    title: { ko: '겹친 주소를 무엇이 고쳤는지 알아요', en: 'You know what cured the colliding addresses' },
    hints: [
      {
        ko: '한 가지씩 되돌린다고 생각해 봐요. 무엇을 되돌리면 주소가 다시 겹치나요?',
        en: 'Think of undoing one thing at a time. Undoing which makes addresses collide again?',
      },
    ],
    probe: answeredRightly('what-cured', 'ranges', {
      ko: '그것만 해서는 같은 설정이 같은 주소를 다시 나눠 줘요.',
      en: 'With that alone, the same settings hand out the same addresses again.',
    }),
  },
])
