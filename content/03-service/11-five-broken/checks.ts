import { endpointSlice } from '#simulator/cluster/kinds/endpointSlice.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { type Check, defineChecks, fail, type Outcome, pass, type Words } from '#simulator/grading/check.ts'
import { answeredRightly } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** What each stall has to answer. */
const goods = { bakery: 'bread', dairy: 'milk', florist: 'flowers', grocer: 'apples', tailor: 'coats' }

/** Whether a ready address with a port stands behind a Service. */
const hasReadyAddress = ({ client }: World, name: string) =>
  client
    .list(endpointSlice, { namespace: 'default', labels: { 'kubernetes.io/service-name': name } })
    .some(
      ({ endpoints, ports }) =>
        (ports ?? []).some(({ port }) => port !== undefined) &&
        (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
    )

/** How far a call got, told by how curl ended. */
function cutOff(world: World, name: string, status: number): Words {
  const ports = world.client.get(service, name, 'default')?.spec.ports ?? []
  if (status === 6)
    return {
      ko: 'caller의 네임스페이스에서 이 이름이 풀리지 않아요.',
      en: 'This name does not resolve in the namespace of caller.',
    }
  if (status === 28) {
    const opened = ports.map(({ port, protocol }) => `${port}/${protocol ?? 'TCP'}`).join(', ')
    return {
      ko: `이름은 풀리지만 80/TCP에 맞는 규칙이 없어요. 서비스가 여는 것은 ${opened}예요.`,
      en: `The name resolves, but no rule matches 80/TCP. The Service opens ${opened}.`,
    }
  }
  if (!hasReadyAddress(world, name))
    return {
      ko: '명단에 준비된 주소와 포트가 없어서 노드의 규칙이 거절해요.',
      en: 'A rule of the node refuses, as the list holds no ready address with a port.',
    }
  return {
    ko: '파드까지 갔지만 그 포트에서 듣는 프로세스가 없어요.',
    en: 'The pod is reached, but no process listens on that port.',
  }
}

function stall(name: keyof typeof goods): Check {
  return {
    id: name,
    points: 2,
    title: { ko: `${name}: caller가 부르면 ${goods[name]}`, en: `${name}: caller gets ${goods[name]}` },
    hints: [
      {
        ko: '증상부터 봐요. 이름을 못 찾음, 거절, 답 없음, 엉뚱한 답 가운데 무엇인가요?',
        en: 'Start with the symptom: no such name, a refusal, no answer, or a wrong answer?',
      },
      {
        ko: '서비스의 Selector, Port, TargetPort, Endpoints를 잘 있는 파드의 레이블과 포트에 하나씩 맞춰 봐요.',
        en: 'Put Selector, Port, TargetPort and Endpoints of the Service beside the labels and ports of its pod, one by one.',
      },
      {
        ko: '파드가 Ready가 아니라면 그 파드의 이벤트가 무엇에 실패했는지 말해요.',
        en: 'If the pod is not Ready, its events say at what it fails.',
      },
    ],
    async probe(world): Promise<Outcome> {
      const { stdout, stderr, status } = await world.run(`kubectl exec caller -- curl -sS -m 3 http://${name}`, 10_000)
      const answer = stdout.trim()
      if (answer === goods[name]) return pass(answer)
      if (status !== 0) return fail(cutOff(world, name, status), stderr.split('\n')[0])
      return fail({ ko: '다른 가게의 파드가 답했어요.', en: 'The pod of another stall has answered.' }, answer)
    },
  }
}

export default defineChecks([
  {
    id: 'two-refusals',
    points: 1,
    title: { ko: '두 가지 거절을 가려낼 수 있어요', en: 'You can tell two refusals apart' },
    hints: [
      {
        ko: '거절된 두 가게의 서비스를 describe로 나란히 봐요.',
        en: 'Describe the Services of two stalls that refuse, side by side.',
      },
    ],
    probe: answeredRightly('two-refusals', 'endpoints'),
  },
  stall('bakery'),
  stall('dairy'),
  stall('florist'),
  stall('grocer'),
  stall('tailor'),
])
