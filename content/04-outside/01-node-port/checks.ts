import { node } from '#simulator/cluster/kinds/node.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, requestsLike } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** The nodes with their addresses on the LAN. */
const nodesOf = ({ client }: World) =>
  client.list(node).map(({ metadata: { name }, status: { addresses } }) => ({
    name,
    address: addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
  }))

/** What the first node says that does not show the page at a port; undefined when all do. */
async function silentNode(world: World, port: string, page: string) {
  for (const { name, address } of nodesOf(world)) {
    const { stdout, stderr } = await world.run(`curl -sS -m 3 http://${address}:${port}`, 10_000)
    if (!stdout.includes(page)) return `${name}, ${address}:${port}: ${(stdout || stderr).trim().split('\n')[0]}`
  }
  return undefined
}

export default defineChecks([
  // Before the checks that send requests of their own.
  {
    id: 'every-node',
    points: 1,
    title: { ko: '바깥에서 세 노드의 30008번을 모두 불렀어요', en: 'You have called port 30008 of all three nodes' },
    hints: [
      {
        ko: '노드마다 주소가 하나씩 있어요. 파드가 없는 노드도 빠뜨리지 않아요.',
        en: 'Each node has an address. Do not leave out those without the pod.',
      },
    ],
    probe(world) {
      const missing = nodesOf(world).find(
        ({ address }) =>
          requestsLike(world, { from: 'lab', toAddress: () => address, toPort: 30008, verdict: 'answered' }).length ===
          0,
      )
      return missing
        ? fail(
            { ko: '아직 답을 받지 못한 노드가 있어요.', en: 'There is a node that has not answered you yet.' },
            `${missing.name}, ${missing.address}:30008`,
          )
        : pass()
    },
  },
  {
    id: 'door',
    points: 2,
    title: {
      ko: 'my-app이 모든 노드의 30008번과 안쪽의 80번에서 답해요',
      en: 'my-app answers on port 30008 of every node, and on port 80 inside',
    },
    hints: [
      {
        ko: '서비스의 종류와 포트 번호를 kubectl get services로 봐요.',
        en: 'See the type and the ports of the Service with kubectl get services.',
      },
      {
        ko: '서비스의 셀렉터와 파드의 레이블을 나란히 놓고 비교해요.',
        en: "Put the Service's selector and the pod's label side by side.",
      },
    ],
    async probe(world) {
      const address = world.client.get(service, 'teva-nodeport-service', 'default')?.spec.clusterIP
      if (!address)
        return fail({
          ko: '서비스 teva-nodeport-service가 아직 없어요.',
          en: 'There is no Service teva-nodeport-service yet.',
        })
      const silent = await silentNode(world, '30008', 'Hello, world!')
      if (silent)
        return fail(
          {
            ko: '30008번에서 my-app이 답하지 않는 노드가 있어요.',
            en: 'On some node my-app does not answer on 30008.',
          },
          silent,
        )
      const { stdout } = await world.run(`ssh node1 curl -sS -m 3 http://${address}:80`, 10_000)
      return stdout.includes('Hello, world!')
        ? pass()
        : fail({
            ko: '안쪽 주소의 80번에서는 답이 없어요. port를 봐요.',
            en: 'Its address inside does not answer on port 80: look at port.',
          })
    },
  },
  {
    id: 'what-sends-on',
    points: 1,
    title: { ko: '누가 패킷을 파드로 보내는지 알아요', en: 'You know what sends the packet on to the pod' },
    hints: [
      {
        ko: 'ss의 목록과 iptables의 규칙 가운데 어느 쪽에 30008이 있나요?',
        en: 'Where is 30008: in the list of ss, or in the rules of iptables?',
      },
    ],
    probe: answeredRightly('what-sends-on', 'rule', {
      ko: '30008번을 듣는 프로세스는 어느 노드에도 없어요. 패킷의 길에서 목적지가 바뀐 곳을 다시 봐요.',
      en: 'No process listens on 30008 on any node. See again where on its way the packet got another destination.',
    }),
  },
  {
    id: 'tea',
    points: 3,
    title: {
      ko: 'tea가 모든 노드에서, 주문서에 적힌 번호로 답해요',
      en: 'tea answers on every node, on the port that the order names',
    },
    hints: [
      {
        ko: 'tea의 로그에서 어느 포트를 듣는지 봐요.',
        en: 'See in the log of tea on which port it listens.',
      },
      {
        ko: '셀렉터, targetPort, nodePort를 하나씩 확인해요. 번호를 적지 않으면 클러스터가 골라요.',
        en: 'Go through selector, targetPort and nodePort. If you name no number, the cluster picks one.',
      },
    ],
    async probe(world) {
      const silent = await silentNode(world, world.parameters['port'] ?? '', 'a pot of tea')
      return silent
        ? fail({ ko: '아직 tea가 답하지 않는 노드가 있어요.', en: 'On some node tea does not answer yet.' }, silent)
        : pass()
    },
  },
])
