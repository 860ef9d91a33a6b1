import { pod } from '#simulator/cluster/kinds/pod.ts'
import { type Check, defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, isReady, requestsLike, waitingText } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** The pods of an app that are there to stay. */
const podsOf = ({ client }: World, app: string) =>
  client
    .list(pod, { namespace: 'default' })
    .filter(({ metadata }) => metadata.labels?.['app'] === app && metadata.deletionTimestamp === undefined)

/** Every pod of an app is ready and has a sidecar. */
const hasSidecar =
  (app: string): Check['probe'] =>
  world => {
    const found = podsOf(world, app)
    if (found.length === 0) return fail({ ko: `${app} 파드가 없어요.`, en: `There is no pod of ${app}.` })
    const bare = found.find(({ spec }) => !spec.initContainers?.some(({ name }) => name === 'istio-proxy'))
    if (bare)
      return fail(
        {
          ko: `${app} 파드에 istio-proxy 컨테이너가 없어요.`,
          en: `The pod of ${app} has no container istio-proxy.`,
        },
        bare.metadata.name,
      )
    const waiting = found.find(each => !isReady(each))
    return waiting
      ? fail(
          { ko: `${app} 파드가 아직 준비되지 않았어요.`, en: `The pod of ${app} is not ready.` },
          waitingText(waiting),
        )
      : pass(found.map(({ metadata }) => metadata.name).join(', '))
  }

/** What a web server tells that the client asked it, headers and all. */
const asked = async (world: World, url: string) => {
  const name = podsOf(world, 'client').find(isReady)?.metadata.name
  return (await world.run(`kubectl exec ${name} -c client -- curl -sS -m 5 ${url}`, 20_000)).stdout
}

export default defineChecks([
  {
    id: 'joined',
    points: 2,
    title: { ko: 'client와 web 파드에 사이드카가 있어요', en: 'The pods of client and web have a sidecar' },
    hints: [
      {
        ko: '레이블은 파드가 아니라 네임스페이스에 달아요.',
        en: 'The label belongs to the namespace, not to a pod.',
      },
      {
        ko: '파드의 나이와 레이블을 단 때를 견줘요. 사이드카는 언제 들어가나요?',
        en: 'Compare the age of the pods with the time of the label. When does a sidecar get in?',
      },
    ],
    probe: allOf(hasSidecar('client'), hasSidecar('web')),
  },
  {
    id: 'through-both',
    points: 1,
    needs: ['joined'],
    title: {
      ko: 'web이 자기 사이드카를 거쳐 온 요청에 답했어요',
      en: 'web has answered a request that came by its own sidecar',
    },
    hints: [
      {
        ko: '사이드카가 생긴 뒤에 client에서 web을 다시 불러요.',
        en: 'Call web from client again, now that the sidecars are there.',
      },
    ],
    probe(world) {
      const handed = requestsLike(world, { protocol: 'tcp', from: 'default/web-', toPort: 80 }).find(
        ({ fromAddress, verdict }) => fromAddress === '127.0.0.6' && verdict === 'answered',
      )
      return handed
        ? pass(`${handed.fromAddress} → ${handed.toAddress}:${handed.toPort}`)
        : fail({
            ko: 'web 파드 안에서 127.0.0.6이 80번을 부른 적이 아직 없어요.',
            en: 'Inside the pod of web, 127.0.0.6 has not called port 80 yet.',
          })
    },
  },
  {
    id: 'who-passes',
    points: 1,
    title: {
      ko: '사이드카 자신의 패킷이 왜 되돌아오지 않는지 알아요',
      en: 'You know why the packets of the sidecar itself do not come back to it',
    },
    hints: [
      {
        ko: 'ISTIO_OUTPUT의 규칙을 위에서 아래로 읽어요. 먼저 맞는 규칙이 이겨요.',
        en: 'Read the rules of ISTIO_OUTPUT from the top. The first that fits decides.',
      },
      {
        ko: '두 컨테이너에서 id가 말하는 번호를 견줘요.',
        en: 'Compare what id says in the two containers.',
      },
    ],
    probe: answeredRightly('who-passes', 'owner', {
      ko: 'client도 사이드카도 같은 파드, 같은 인터페이스에서 보내요. 규칙이 둘을 가르는 말을 찾아요.',
      en: 'Both send from the same pod and the same interface. Find the word of the rules that tells them apart.',
    }),
  },
  {
    id: 'past',
    points: 3,
    needs: ['joined'],
    title: {
      ko: 'client가 ledger에 보낸 요청이 사이드카를 거치지 않아요',
      en: 'What client sends to ledger goes past the sidecar',
    },
    hints: [
      {
        ko: 'ledger의 답에서 X-로 시작하는 헤더를 찾아요. 누가 붙였나요?',
        en: 'Find the headers that begin with X- in the answer of ledger. Who added them?',
      },
      {
        ko: 'istio-init의 로그 첫머리에 무엇을 빼는지가 나와요. 나가는 쪽과 들어오는 쪽을 가려 봐요.',
        en: 'The log of istio-init begins with what is left out. Tell the way out from the way in.',
      },
      {
        ko: '어노테이션은 디플로이먼트가 아니라 파드 템플릿에 적어야 파드에 닿아요.',
        en: 'An annotation reaches the pod from the template, not from the Deployment.',
      },
    ],
    async probe(world) {
      const ready = await hasSidecar('client')(world)
      if (ready.state === 'fail') return ready
      const written = await asked(world, `http://ledger:${world.parameters['port']}`)
      if (!written.includes('Hostname: ledger'))
        return fail(
          { ko: 'client가 ledger에서 답을 받지 못했어요.', en: 'client got no answer from ledger.' },
          written.split('\n')[0],
        )
      const added = /^X-.*/m.exec(written)?.[0]
      if (added)
        return fail(
          {
            ko: `ledger가 받은 요청에 사이드카가 붙인 헤더가 있어요. client 파드의 규칙이 ${world.parameters['port']}번을 아직 돌려세워요.`,
            en: `The request that ledger got holds headers of a sidecar: the rules in the pod of client still turn port ${world.parameters['port']}.`,
          },
          added,
        )
      const other = await asked(world, 'http://web')
      return other.includes('X-Envoy-Attempt-Count')
        ? pass()
        : fail({
            ko: 'web으로 가는 요청까지 사이드카를 지나쳐요. 빼는 것은 포트 하나여야 해요.',
            en: 'Requests to web go past the sidecar too. Only one port is to be left out.',
          })
    },
  },
])
