import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, requestSeen } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const workers = { node1: '192.168.64.11', node2: '192.168.64.12' }
const workstation = '192.168.64.1'

/** Whom a server behind a port of a node takes for the client; undefined when no answer comes. */
async function clientSeen(world: World, node: keyof typeof workers, port: number) {
  const { stdout, status } = await world.run(`curl -s -m 3 http://${workers[node]}:${port}/clientip`, 10_000)
  return status === 0 ? stdout.trim().split(':')[0] : undefined
}

export default defineChecks([
  {
    id: 'asked',
    points: 1,
    title: {
      ko: '파드가 없는 노드를 거쳐 door에 닿았어요',
      en: 'You have reached door by way of the node without its pod',
    },
    hints: [
      {
        ko: '파드가 어느 노드에 있는지 보고, 다른 노드의 주소로 30080번을 불러요.',
        en: 'See on which node the pod is, and call port 30080 at the address of the other.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'lab', toAddress: workers.node2, toPort: 30080, verdict: 'answered' },
      {
        ko: 'node2의 30080번으로 보낸 요청이 아직 답을 받은 적이 없어요.',
        en: 'No request to port 30080 of node2 has been answered yet.',
      },
    ),
  },
  {
    id: 'why-masquerade',
    points: 1,
    title: { ko: '노드가 출발지를 바꾸는 까닭을 알아요', en: 'You know why the node changes the source' },
    hints: [
      {
        ko: '바꾸지 않게 했을 때 답이 어느 주소를 달고 돌아왔는지 패킷의 길에서 봐요.',
        en: 'When it was not changed, from which address did the answer come back? The way of the packet shows it.',
      },
    ],
    probe: answeredRightly('why-masquerade', 'stranger', {
      ko: '파드는 요청을 받았고 답도 보냈어요. 그 답이 어디로 갔는지 다시 봐요.',
      en: 'The pod got the request and did answer. See again where its answer went.',
    }),
  },
  {
    id: 'kept',
    points: 2,
    title: { ko: 'door가 손님의 진짜 주소를 봐요', en: "door sees the client's own address" },
    hints: [
      {
        ko: 'kubectl explain service.spec 에서 바깥에서 오는 요청을 말하는 항목을 찾아요.',
        en: 'Find in kubectl explain service.spec the field that speaks of traffic from outside.',
      },
      {
        ko: '안에서 오는 요청을 말하는 비슷한 이름의 항목도 있어요. 둘을 가려요.',
        en: 'There is a field with a similar name for traffic from inside. Tell the two apart.',
      },
    ],
    async probe(world) {
      const seen = await clientSeen(world, 'node1', 30080)
      if (seen === undefined)
        return fail({ ko: 'node1의 30080번이 답하지 않아요.', en: 'Port 30080 of node1 does not answer.' })
      if (seen === workstation) return pass(seen)
      const policy = world.client.get(service, 'door', 'default')?.spec.externalTrafficPolicy
      return fail(
        {
          ko: 'door는 아직 노드의 주소를 손님으로 알아요.',
          en: 'door still takes an address of a node for the client.',
        },
        `${seen}, externalTrafficPolicy: ${policy}`,
      )
    },
  },
  {
    id: 'dropped',
    points: 1,
    needs: ['kept'],
    title: {
      ko: '파드가 없는 노드가 요청을 버리는 것을 봤어요',
      en: 'You have seen the node without the pod drop a request',
    },
    hints: [
      {
        ko: '정책을 바꾼 뒤에 node2의 문을 다시 두드려요.',
        en: 'After the change of policy, knock on the door of node2 again.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'lab', toAddress: workers.node2, toPort: 30080, verdict: 'unanswered' },
      {
        ko: 'node2의 30080번으로 보내고 답을 받지 못한 요청이 아직 없어요.',
        en: 'No request to port 30080 of node2 has gone unanswered yet.',
      },
    ),
  },
  {
    id: 'guestbook',
    points: 3,
    title: {
      ko: '고치기: guestbook이 node1과 node2에서 답하고 손님의 진짜 주소를 봐요',
      en: "Repair: guestbook answers on node1 and node2, and sees the client's own address",
    },
    hints: [
      {
        ko: '두 노드에서 따로 불러 봐요. 답이 없나요, 답은 있는데 주소가 다른가요?',
        en: 'Call both nodes. Is there no answer, or an answer with another address?',
      },
      {
        ko: '정책을 바꾸면 어느 노드가 답을 못 하게 되나요? 그 노드에 무엇이 없나요?',
        en: 'Which node stops answering once the policy is changed? What is missing there?',
      },
      {
        ko: '노드마다 파드가 하나씩 있게 하는 방법은 여럿이에요.',
        en: 'There is more than one way to have a pod on each node.',
      },
    ],
    async probe(world) {
      const port = Number(world.parameters['port'])
      for (const node of ['node1', 'node2'] as const) {
        const seen = await clientSeen(world, node, port)
        if (seen === undefined)
          return fail(
            { ko: `${node}에서는 guestbook이 답하지 않아요.`, en: `On ${node} guestbook does not answer.` },
            `${workers[node]}:${port}`,
          )
        if (seen !== workstation)
          return fail(
            {
              ko: `${node}로 온 손님의 주소가 바뀌어 있어요.`,
              en: `The address of a client that comes by ${node} has been changed.`,
            },
            seen,
          )
      }
      return pass(workstation)
    },
  },
])
