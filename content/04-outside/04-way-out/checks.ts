import { endpointSlice } from '#simulator/cluster/kinds/endpointSlice.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, podReady, requestSeen } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** What the page of each partner holds. */
const pages: Readonly<Record<string, string>> = { 'example.com': 'Example Domain', 'example.org': '"origin"' }

/** How the Service ledger leads on, for a learner who looks for what is amiss. */
function ledgerText({ client }: World): string {
  const found = client.get(service, 'ledger', 'default')
  if (!found) return 'no Service ledger'
  if (found.spec.type === 'ExternalName') return `ExternalName ${found.spec.externalName}`
  const slices = client.list(endpointSlice, {
    namespace: 'default',
    labels: { 'kubernetes.io/service-name': 'ledger' },
  })
  const ends = slices.flatMap(({ endpoints, ports }) =>
    (endpoints ?? []).flatMap(({ addresses }) => addresses.map(address => `${address}:${ports?.[0]?.port}`)),
  )
  return `endpoints: ${ends.join(', ') || 'none'}`
}

export default defineChecks([
  {
    id: 'went-out',
    points: 1,
    title: {
      ko: '서비스 없이 client에서 인터넷의 HTTPS 서버에 닿았어요',
      en: 'With no Service for it, client has reached an HTTPS server on the internet',
    },
    hints: [
      {
        ko: '이 컴퓨터가 아니라 client 파드 안에서 불러야 해요.',
        en: 'Call from inside the pod client, not from this computer.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'default/client', toPort: 443, verdict: 'answered' },
      {
        ko: 'client에서 443번으로 보내 답을 받은 요청이 아직 없어요.',
        en: 'No request from client to port 443 has been answered yet.',
      },
    ),
  },
  {
    id: 'why-node-address',
    points: 1,
    title: {
      ko: '나가는 패킷이 왜 노드의 주소를 다는지 알아요',
      en: 'You know why a packet that leaves bears the address of the node',
    },
    hints: [
      {
        ko: '주소를 바꾸지 않았을 때 ping이 어디까지 갔는지, 답은 어디에서 사라졌는지 봐요.',
        en: 'When the address was not changed, how far did the ping get, and where was its answer lost?',
      },
    ],
    probe: answeredRightly('why-node-address', 'way-back', {
      ko: '주소를 바꾸지 않아도 요청은 나가요. 돌아오는 쪽을 봐요.',
      en: 'The request leaves even if its address is not changed. Look at the way back.',
    }),
  },
  {
    id: 'library',
    points: 1,
    title: { ko: '이름 library가 example.org를 가리켜요', en: 'The name library stands for example.org' },
    hints: [
      {
        ko: '주소도 파드도 없이 다른 이름만 가리키는 종류의 서비스예요.',
        en: 'It is the type of Service that has neither address nor pods, and only points at another name.',
      },
    ],
    async probe(world) {
      const { stdout } = await world.run(
        'kubectl exec client -- dig +short +time=2 library.default.svc.cluster.local',
        10_000,
      )
      const found = stdout.trim().split('\n')[0] ?? ''
      return found === 'example.org.'
        ? pass(found)
        : fail(
            {
              ko: 'DNS가 library라는 이름에 example.org를 답하지 않아요.',
              en: 'DNS does not answer example.org for library.',
            },
            found || 'no answer',
          )
    },
  },
  {
    id: 'ledger',
    points: 3,
    title: {
      ko: '고치기: clerk가 서비스 ledger를 거쳐 거래처의 답을 받아요',
      en: 'Repair: by way of the Service ledger, clerk gets the answer of its partner',
    },
    hints: [
      {
        ko: 'clerk의 로그에 나온 주소는 누구의 것이고, 어느 포트를 두드렸을까요?',
        en: 'Whose is the address in the log of clerk, and on which port did it knock?',
      },
      {
        ko: 'ExternalName에 적은 ports가 어디에 쓰이는지 노드의 규칙에서 찾아봐요.',
        en: 'Search the rules of a node for what the ports of an ExternalName are good for.',
      },
      {
        ko: '규칙이 생기려면 서비스의 주소와 엔드포인트가 있어야 해요. 엔드포인트슬라이스의 레이블과 포트를 확인해요.',
        en: 'Rules take an address of the Service and endpoints. Check the label of the EndpointSlice, and its port.',
      },
    ],
    async probe(world) {
      const ready = await podReady('clerk')(world)
      if (ready.state === 'fail') return ready
      const { partner = '', port } = world.parameters
      const { stdout, stderr } = await world.run(
        `kubectl exec clerk -- wget -q -O - -T 3 http://ledger:${port}`,
        15_000,
      )
      if (stdout.includes(pages[partner] ?? partner)) return pass(ledgerText(world))
      return fail(
        {
          ko: `clerk에서 ledger의 ${port}번을 불렀지만 ${partner}의 답이 오지 않아요.`,
          en: `clerk calls port ${port} of ledger, but no answer of ${partner} comes.`,
        },
        `${ledgerText(world)}; ${stderr.trim().split('\n')[0]}`,
      )
    },
  },
])
