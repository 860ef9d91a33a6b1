import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, requestSeen } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const teaAddress = ({ client }: World) => client.get(service, 'tea', 'default')?.spec.clusterIP

/** The client on a node of the lab. */
const clientOn = (node: string) => (node === 'node1' ? 'client-1' : 'client-2')

/** Whether a client gets tea from a place right now. */
const getsTea = async (world: World, from: string, place: string) => {
  const { stdout } = await world.run(`kubectl exec ${from} -- curl -sS -m 3 http://${place}`, 10_000)
  return stdout.includes('a cup of tea')
}

export default defineChecks([
  {
    id: 'called',
    points: 1,
    title: { ko: 'client-1이 tea를 불러 차를 받았어요', en: 'client-1 has called tea and got some' },
    hints: [
      {
        ko: 'client-1 파드 안에서 서비스의 이름을 불러요.',
        en: 'Call the Service by its name from inside the pod client-1.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'default/client-1', toAddress: teaAddress, toPort: 80, verdict: 'answered' },
      {
        ko: 'client-1에서 tea로 보낸 요청이 아직 답을 받지 못했어요.',
        en: 'No request from client-1 to tea has been answered yet.',
      },
    ),
  },
  {
    id: 'where-written',
    points: 1,
    title: { ko: '바뀐 주소가 어디에 적히는지 알아요', en: 'You know where the change is noted' },
    hints: [
      {
        ko: '두 노드의 conntrack 표를 같은 주소로 찾아 나란히 놓고 봐요.',
        en: 'Look the address up in the conntrack tables of both nodes, side by side.',
      },
      {
        ko: '그동안 client-2도 tea를 불렀다면 줄의 src가 누구의 주소인지 봐요.',
        en: 'If client-2 has called tea meanwhile, see whose address is the src of a line.',
      },
    ],
    probe: answeredRightly('where-written', 'node1'),
  },
  {
    id: 'lost',
    points: 1,
    title: {
      ko: '규칙을 지우고 tea를 불러서 요청을 하나 잃었어요',
      en: 'With the rule gone, a request to tea was lost',
    },
    hints: [
      {
        ko: '줄 번호가 붙은 목록에서 tea의 줄을 찾아요.',
        en: 'Find the line of tea in the list with line numbers.',
      },
      {
        ko: '규칙을 지운 노드의 클라이언트에서 불러야 해요.',
        en: 'Call from the client on the node whose rule is gone.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'default/client-', toAddress: teaAddress, toPort: 80, verdict: 'unanswered' },
      {
        ko: 'tea로 보냈다가 답을 받지 못한 요청이 아직 없어요.',
        en: 'No request to tea has gone unanswered yet.',
      },
    ),
  },
  {
    id: 'proof',
    points: 4,
    title: {
      ko: '증명: 한 노드의 파드만 tea를 부르지 못해요',
      en: 'Proof: only the pods of one node cannot call tea',
    },
    hints: [
      {
        ko: '파드에서 나온 패킷이 그 노드에서 가장 먼저 지나는 체인은 무엇이었나요?',
        en: 'Which chain of its node does a packet from a pod pass first?',
      },
      {
        ko: 'kube-proxy는 제 체인만 새로 써요. 남이 쓴 줄과 KUBE-로 시작하는 체인을 비교해요.',
        en: 'kube-proxy writes only its own chains anew. Compare those with the lines of others.',
      },
      {
        ko: '바꾸는 규칙에 닿기 전에 이 주소를 빼돌리는 줄을 넣거나, 그 노드에서 규칙을 새로 쓸 이를 없애요.',
        en: 'Put in a line that takes this address aside before it gets to the rule, or see that nobody writes rules anew on that node.',
      },
    ],
    async probe(world) {
      const node = world.parameters['node'] === 'node1' ? 'node1' : 'node2'
      const [here, there] = [clientOn(node), clientOn(node === 'node1' ? 'node2' : 'node1')]
      const kettle = world.client.get(pod, 'kettle', 'default')?.status.podIP
      const ports = world.client.get(service, 'tea', 'default')?.spec.ports
      if (!kettle || ports?.[0]?.port !== 80)
        return fail({ ko: 'tea와 kettle은 그대로 둬요.', en: 'Leave tea and kettle as they are.' })
      const state = async (): Promise<'open' | 'shut'> => ((await getsTea(world, here, 'tea')) ? 'open' : 'shut')
      if ((await state()) === 'open')
        return fail({ ko: `${here} 파드가 아직 tea를 부를 수 있어요.`, en: `${here} can still call tea.` }, node)
      await world.run('kubectl create service clusterip checks-the-proof --tcp=80; sleep 4', 10_000)
      if ((await state()) === 'open')
        return fail(
          {
            ko: `kube-proxy가 규칙을 새로 쓰자 ${here} 파드가 다시 tea를 불렀어요.`,
            en: `When kube-proxy wrote its rules anew, ${here} could call tea again.`,
          },
          node,
        )
      if (!(await getsTea(world, here, `${kettle}:8080`)))
        return fail(
          {
            ko: `${here} 파드가 kettle의 주소도 부르지 못해요. 서비스의 주소만 막아야 해요.`,
            en: `${here} cannot reach the address of kettle either; only the Service's address is meant.`,
          },
          `${kettle}:8080`,
        )
      if (!(await getsTea(world, there, 'tea')))
        return fail({
          ko: `${there} 파드도 tea를 부르지 못해요. 다른 노드는 그대로여야 해요.`,
          en: `${there} cannot call tea either; the other node has to stay as it was.`,
        })
      return pass(node)
    },
  },
])
