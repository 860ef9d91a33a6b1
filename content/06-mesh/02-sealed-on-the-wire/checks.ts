import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { type Check, defineChecks, fail, pass } from '#simulator/grading/check.ts'
import {
  allOf,
  answeredRightly,
  isReady,
  podReady,
  requestSeen,
  webAnswers,
  webStaysSilent,
} from '#simulator/grading/probes.ts'

/** The client of a namespace has had an answer from the web server of the same namespace. */
const called = (namespace: string): Check['probe'] =>
  requestSeen(
    {
      protocol: 'tcp',
      from: `${namespace}/client`,
      toAddress: ({ client }) => client.get(service, 'web', namespace)?.spec.clusterIP,
      toPort: 80,
      verdict: 'answered',
    },
    {
      ko: `${namespace} 네임스페이스의 client가 자기 쪽 web을 부른 적이 아직 없어요.`,
      en: `The client of the namespace ${namespace} has not called its web yet.`,
    },
  )

export default defineChecks([
  {
    id: 'compared',
    points: 1,
    title: {
      ko: 'open과 sealed에서 같은 요청을 보내 견줬어요',
      en: 'You have compared the same request in open and in sealed',
    },
    hints: [
      {
        ko: '두 네임스페이스의 client에서 각각 http://web 을 불러요.',
        en: 'Call http://web from the client of each namespace.',
      },
    ],
    probe: allOf(called('open'), called('sealed')),
  },
  {
    id: 'still-legible',
    points: 1,
    title: { ko: '봉한 뒤에도 무엇이 보이는지 알아요', en: 'You know what can still be read once it is sealed' },
    hints: [
      {
        ko: '캡처에서 사람이 읽을 수 있는 말을 찾아요. 첫 연결의 앞부분에 있어요.',
        en: 'Look in the capture for words that one can read. They come early in the first connection.',
      },
    ],
    probe: answeredRightly('still-legible', 'who', {
      ko: '캡처에 읽을 수 있는 말이 있는지, 그것이 요청의 내용인지 다시 봐요.',
      en: 'See once more whether the capture holds words that can be read, and whether they belong to the request.',
    }),
  },
  {
    id: 'strict',
    points: 2,
    title: {
      ko: 'sealed의 web은 봉하지 않은 요청을 받지 않아요',
      en: 'The web of sealed takes nothing that is not sealed',
    },
    hints: [
      {
        ko: 'open의 client와 sealed의 client에서 같은 주소를 불러 견줘요.',
        en: 'Call the same address from the client of open and from that of sealed, and compare.',
      },
      {
        ko: '정책이 web이 있는 네임스페이스에 있는지, 두 방식을 다 받는 상태는 아닌지 봐요.',
        en: 'See whether the policy is in the namespace of web, and whether it still takes both kinds.',
      },
    ],
    probe: allOf(
      podReady('client', 'open'),
      webAnswers(
        { namespace: 'sealed', from: 'client', url: 'http://web.sealed' },
        {
          ko: 'sealed의 client까지 막혔어요. 사이드카끼리는 통해야 해요.',
          en: 'The client of sealed is shut out too. Sidecars have to reach each other.',
        },
      ),
      webStaysSilent(
        { namespace: 'open', from: 'client', url: 'http://web.sealed' },
        {
          ko: '사이드카 없는 client가 평문으로 부른 요청을 web의 사이드카가 아직 받아요.',
          en: 'The sidecar of web still takes a request in plain text, from a client without a sidecar.',
        },
      ),
    ),
  },
  {
    id: 'where-cut',
    points: 1,
    title: { ko: '어디서 끊겼는지 알아요', en: 'You know where it was cut' },
    hints: [
      {
        ko: 'trace는 연결만 맺어 봐요. 패킷이 어디까지 갔나요?',
        en: 'A trace only opens a connection. How far did the packet get?',
      },
      {
        ko: '연결을 맺지 못한 오류와 맺은 뒤에 끊긴 오류는 번호가 달라요.',
        en: 'Not to connect and to be cut off afterwards are different errors of curl.',
      },
    ],
    probe: answeredRightly('where-cut', 'sidecar', {
      ko: '규칙이나 정책이 막았다면 연결부터 되지 않았을 거예요.',
      en: 'Had a rule or a policy stood in the way, there would have been no connection to cut.',
    }),
  },
  {
    id: 'reader',
    points: 3,
    needs: ['strict'],
    title: {
      ko: 'reader가 자기 신원을 보이고 web을 읽어요',
      en: 'reader shows who it is, and reads from web',
    },
    hints: [
      {
        ko: 'sealed의 client에는 있고 reader에는 없는 것이 무엇인지 두 파드를 나란히 놓고 봐요.',
        en: 'Put the pod of reader beside the client of sealed. What does one have that the other lacks?',
      },
      {
        ko: 'web 쪽에 예외를 두면 open의 client에게도 문이 열려요. 부르는 쪽을 바꿔요.',
        en: 'An exception on the side of web opens the door to the client of open too. Change the side that calls.',
      },
    ],
    async probe(world) {
      const team = world.parameters['team']!
      const found = world.client
        .list(pod, { namespace: team })
        .filter(one => one.metadata.labels?.['app'] === 'reader' && isReady(one))
        .at(-1)
      if (!found)
        return fail({
          ko: `네임스페이스 ${team}에 준비된 reader 파드가 없어요.`,
          en: `There is no pod of reader that is ready in namespace ${team}.`,
        })
      const { stdout, stderr } = await world.run(
        `kubectl exec -n ${team} ${found.metadata.name} -c reader -- curl -sS -m 5 http://web.sealed`,
        20_000,
      )
      const identity = /URI=(spiffe:\S+)/.exec(stdout)?.[1]
      if (identity?.includes(`/ns/${team}/`)) return pass(identity)
      return fail(
        {
          ko: 'reader가 보낸 요청이 신원을 달고 web에 닿지 못했어요.',
          en: 'No request of reader has reached web with an identity.',
        },
        stderr.split('\n')[0] || stdout.split('\n')[0],
      )
    },
  },
])
