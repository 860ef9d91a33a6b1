import { pod } from '#simulator/cluster/kinds/pod.ts'
import { fileNames } from '#simulator/grading/answerFile.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, isReady, requestsLike } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** The probe that is ready on a node. */
const probeOn = ({ client }: World, node: string) =>
  client.onNode(pod, node).find(one => one.metadata.labels?.['app'] === 'probe' && isReady(one))

export default defineChecks([
  {
    id: 'symptom',
    points: 1,
    title: {
      ko: '다른 노드의 파드를 불렀지만 답이 없는 것을 봤어요',
      en: 'You have seen a call to a pod of another node get no answer',
    },
    hints: [
      { ko: '파드 안에서 다른 파드의 주소로 보내요.', en: 'Send from inside a pod to the address of the other.' },
    ],
    probe(world) {
      const probes = new Set(world.client.list(pod).map(({ status }) => status.podIP))
      const lost = requestsLike(world, { from: 'default/probe-' }).find(
        ({ verdict, toAddress }) => verdict !== 'answered' && probes.has(toAddress),
      )
      return lost
        ? pass(`${lost.fromAddress} → ${lost.toAddress}`)
        : fail({
            ko: '파드에서 다른 노드의 파드로 보냈다가 잃은 요청이 아직 없어요.',
            en: 'No request from a pod to a pod of another node has been lost yet.',
          })
    },
  },
  {
    id: 'both-sides',
    points: 1,
    title: {
      ko: '양쪽에서 본 것을 합쳐 노드를 가려낼 수 있어요',
      en: 'You can tell the node from what both sides show',
    },
    hints: [
      {
        ko: '두 번의 ping에서 버려진 곳만 적어 봐요. 무엇이 같은가요?',
        en: 'Write down only where each of the two pings was dropped. What do they share?',
      },
    ],
    probe: answeredRightly('both-sides', 'b', {
      ko: '두 ping이 버려진 곳을 다시 비교해요.',
      en: 'Compare again where the two pings were dropped.',
    }),
  },
  {
    id: 'named',
    points: 2,
    title: { ko: 'broken-node.txt에 고장 난 노드가 적혀 있어요', en: 'broken-node.txt names the broken node' },
    hints: [
      {
        ko: '패킷이 마지막으로 보인 곳이 아니라 버려진 곳을 적어요.',
        en: 'Write where the packet was dropped, not where it set out.',
      },
      {
        ko: '양쪽에서 보내 봐요. 두 번 다 나오는 노드가 있어요.',
        en: 'Send from both sides: one node shows up both times.',
      },
    ],
    probe: fileNames('broken-node.txt', 'node', { ko: '그 노드는 멀쩡해요.', en: 'That node is well.' }),
  },
  {
    id: 'repair',
    points: 4,
    title: { ko: '두 노드의 파드가 서로를 불러요', en: 'The pods of both nodes reach each other' },
    hints: [
      {
        ko: '터널이 오는 INPUT, 파드로 넘기는 FORWARD, 커널 설정 순서로 봐요.',
        en: 'Look at INPUT, where the tunnel arrives, then at FORWARD, then at the settings of the kernel.',
      },
      {
        ko: '규칙의 세는 값이 ping을 보낼 때마다 늘어나는지 봐요.',
        en: 'See whether the counters of a rule grow with each ping.',
      },
    ],
    async probe(world) {
      const [one, other] = [probeOn(world, 'node1'), probeOn(world, 'node2')]
      if (!one || !other)
        return fail({
          ko: '두 노드 모두에 준비된 probe 파드가 있어야 해요.',
          en: 'Each of the two nodes needs a probe that is ready.',
        })
      for (const [from, to] of [
        [one, other],
        [other, one],
      ] as const) {
        const { status } = await world.run(
          `kubectl exec ${from.metadata.name} -c tools -- curl -s -m 3 -o /dev/null http://${to.status.podIP}`,
          10_000,
        )
        if (status !== 0)
          return fail(
            { ko: '아직 한쪽에서 다른 쪽으로 가지 못해요.', en: 'One side still does not reach the other.' },
            `${from.spec.nodeName} → ${to.spec.nodeName}`,
          )
      }
      return pass()
    },
  },
])
