import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, requestsLike, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const addressOfFar = ({ client }: World) => client.get(pod, 'far', 'default')?.status.podIP

export default defineChecks([
  {
    id: 'without-route',
    points: 2,
    title: {
      ko: '경로가 없을 때 client는 far에 닿고 node1은 닿지 못했어요',
      en: 'Without the route, client has reached far and node1 has not',
    },
    hints: [
      {
        ko: 'node1의 ip route에서 node2의 파드가 쓰는 범위를 찾아요.',
        en: 'Find the range of the pods of node2 among the routes of node1.',
      },
      {
        ko: '같은 주소를 한 번은 client에서, 한 번은 node1에서 불러요.',
        en: 'Call the same address once from client and once from node1.',
      },
    ],
    probe(world) {
      const toFar = { protocol: 'tcp', toAddress: addressOfFar, toPort: 8080 } as const
      const lost = requestsLike(world, { ...toFar, from: 'node1' }).filter(({ verdict }) => verdict !== 'answered')
      if (lost.length === 0)
        return fail({
          ko: 'node1이 far를 불렀다가 답을 못 받은 일이 아직 없어요.',
          en: 'node1 has not yet called far without an answer.',
        })
      const reached = requestsLike(world, { ...toFar, from: 'default/client', verdict: 'answered' }).at(-1)
      return reached
        ? pass(`${reached.fromAddress} → ${reached.toAddress}`)
        : fail({
            ko: 'client에서 far의 8080번으로 보낸 요청이 아직 답을 받지 못했어요.',
            en: 'No request from client to port 8080 of far has been answered yet.',
          })
    },
  },
  {
    id: 'which-table',
    points: 1,
    title: { ko: '패킷이 무엇을 보고 갔는지 알아요', en: 'You know what told the packet its way' },
    hints: [
      {
        ko: '경로를 지운 뒤에도 남아 있던 것 가운데 far의 주소가 적힌 곳을 찾아요.',
        en: 'Of what was left when the route was gone, find where the address of far is written.',
      },
    ],
    probe: answeredRightly('which-table', 'ipcache'),
  },
  {
    id: 'put-back',
    points: 2,
    needs: ['without-route'],
    title: { ko: 'node1이 다시 far를 불러요', en: 'node1 reaches far again' },
    hints: [
      {
        ko: 'node2의 경로 가운데 node1의 범위로 가는 것과 비교해요. 어느 인터페이스로 나가나요?',
        en: 'Compare with the route of node2 to the range of node1. By which interface does it leave?',
      },
      {
        ko: '경로를 넣은 것은 그 노드의 Cilium이에요. 새로 뜨는 Cilium은 처음부터 다시 갖춰 놓아요.',
        en: 'The Cilium of that node put the route there. A Cilium that starts sets everything up anew.',
      },
    ],
    async probe(world) {
      const far = addressOfFar(world)
      if (!far) return fail({ ko: 'far 파드가 없어요.', en: 'There is no pod far.' })
      const { stdout } = await world.run(`ssh node1 curl -sS -m 3 http://${far}:8080`, 10_000)
      if (stdout.trim() !== 'far')
        return fail(
          {
            ko: 'node1이 보낸 패킷은 아직 far에 닿지 못해요. node1에 far로 가는 경로가 있나요?',
            en: 'Packets of node1 do not reach far yet. Has node1 a route to it?',
          },
          (await world.run(`ssh node1 ip route get ${far}`)).stdout.split('\n')[0],
        )
      return webAnswers({ from: 'client', url: `http://${far}:8080`, contains: 'far' })(world)
    },
  },
  {
    id: 'why-same-ttl',
    points: 1,
    title: { ko: 'Weave에서 ttl이 그대로인 까닭을 알아요', en: 'You know why Weave leaves the ttl alone' },
    hints: [
      {
        ko: 'Weave의 기록에서 파드의 주소 뒤에 붙은 숫자를 다른 기록과 비교해요.',
        en: 'Compare the number behind the address of the pod in the record of Weave with the others.',
      },
    ],
    probe: answeredRightly('why-same-ttl', 'one-ethernet'),
  },
  {
    id: 'named',
    points: 2,
    title: {
      ko: 'plugin.txt에 동료의 플러그인이 적혀 있어요',
      en: 'plugin.txt names the plugin of the colleague',
    },
    hints: [
      {
        ko: '먼저 ttl로 나누고, 같은 것끼리는 파드의 주소와 게이트웨이로 나눠요.',
        en: 'Sort by the ttl first, then by address and gateway of the pod.',
      },
      {
        ko: '이 클러스터에서 직접 잰 값도 비교에 넣어요.',
        en: 'What you measured in this cluster belongs to the comparison too.',
      },
    ],
    async probe(world) {
      const { stdout, status } = await world.run('cat plugin.txt')
      if (status !== 0) return fail({ ko: '아직 그런 파일이 없어요.', en: 'There is no such file yet.' })
      const named = stdout.trim().toLowerCase()
      return named === world.parameters['plugin']
        ? pass(named)
        : fail(
            {
              ko: '그 플러그인이라면 흔적이 달라요. 주소와 ttl을 다시 비교해요.',
              en: 'That plugin would leave other traces. Compare addresses and ttl again.',
            },
            named,
          )
    },
  },
])
