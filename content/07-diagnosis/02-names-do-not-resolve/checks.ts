import { service } from '#simulator/cluster/kinds/service.ts'
import { fileNames } from '#simulator/grading/answerFile.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, requestSeen, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** The app that was reported, as `kubectl exec` takes it. */
const reported = ({ parameters }: World) => `deploy/${parameters['front']}`

/** The reported app reaches a page by name; if not, what its question for the name heard is the evidence. */
async function reaches(world: World, name: string, contains: string) {
  const from = reported(world)
  const { stdout, status } = await world.run(`kubectl exec -n default ${from} -- curl -sS -m 5 http://${name}`, 20_000)
  if (status === 0 && stdout.includes(contains)) return pass(stdout.trim())
  const heard = await world.run(`kubectl exec -n default ${from} -- nslookup -timeout=2 ${name}`, 20_000)
  const lines = heard.stdout.split('\n').filter(line => /^Server:|error|can't find|no servers/.test(line))
  return fail(
    {
      ko: `${world.parameters['front']}에서 http://${name} 을 부르지 못해요.`,
      en: `${world.parameters['front']} does not reach http://${name}.`,
    },
    lines.map(line => line.replace(/\s+/g, ' ')).join('; '),
  )
}

export default defineChecks([
  {
    id: 'address',
    points: 1,
    title: {
      ko: '신고된 앱에서 서비스의 주소로는 답이 오는 것을 봤어요',
      en: 'You have seen the address of the Service answer the reported app',
    },
    hints: [
      {
        ko: '작업용 컴퓨터가 아니라 신고된 앱의 파드 안에서 보내요.',
        en: 'Send from inside the pod of the reported app, not from the workstation.',
      },
      {
        ko: '서비스의 주소는 kubectl이 알려 줘요. 이름 자리에 그 주소를 넣어요.',
        en: 'kubectl tells the address of the Service. Put it where the name was.',
      },
    ],
    probe: world =>
      requestSeen(
        {
          protocol: 'tcp',
          from: `default/${world.parameters['front']}-`,
          toAddress: ({ client, parameters }) => client.get(service, parameters['store']!, 'default')?.spec.clusterIP,
          toPort: 80,
          verdict: 'answered',
        },
        {
          ko: `${world.parameters['front']} 파드가 ${world.parameters['store']} 서비스의 주소로 보내 답을 받은 요청이 아직 없어요.`,
          en: `No request from the pod of ${world.parameters['front']} to the address of ${world.parameters['store']} has been answered yet.`,
        },
      )(world),
  },
  {
    id: 'nxdomain',
    points: 1,
    title: { ko: 'NXDOMAIN이 무엇을 말하는지 알아요', en: 'You know what NXDOMAIN tells' },
    hints: [
      {
        ko: '이름 서버가 아예 없을 때와 비교해요. 그때도 NXDOMAIN이라는 말을 들을 수 있을까요?',
        en: 'Compare with having no name server at all. Could one hear NXDOMAIN then?',
      },
    ],
    probe: answeredRightly('nxdomain', 'answered', {
      ko: '그 말을 누가 했는지 생각해요. 답한 이가 있어야 들을 수 있는 말이에요.',
      en: 'Think who said it: you can only hear it if there was somebody to answer.',
    }),
  },
  {
    id: 'cause',
    points: 2,
    title: { ko: 'cause.txt에 까닭이 적혀 있어요', en: 'cause.txt names the cause' },
    hints: [
      {
        ko: 'clock도 같은 증상인가요? nslookup의 Server 줄도 같은가요?',
        en: 'Does clock suffer as well? Does nslookup show the same line Server there?',
      },
      {
        ko: '거절이라면 kube-dns 뒤에 누가 있는지, NXDOMAIN이라면 누가 답했는지 봐요.',
        en: 'If it was refused, see who stands behind kube-dns. If it was NXDOMAIN, see who answered.',
      },
    ],
    probe: fileNames('cause.txt', 'cause', {
      ko: '그곳은 멀쩡했거나, 목록에 없는 낱말이에요.',
      en: 'That was well, or it is no word of the list.',
    }),
  },
  {
    id: 'repair',
    points: 3,
    title: { ko: '신고된 앱이 서비스를 이름으로 불러요', en: 'The reported app reaches Services by name' },
    hints: [
      {
        ko: '물음이 지나는 곳은 넷이에요. 파드의 resolv.conf, kube-dns 서비스, CoreDNS 파드, CoreDNS의 설정이에요.',
        en: 'A question passes four places: resolv.conf of the pod, the Service kube-dns, a pod of CoreDNS, its settings.',
      },
      {
        ko: 'CoreDNS 파드의 주소로 바로 물어보면 앞의 두 곳을 건너뛸 수 있어요.',
        en: 'Ask a pod of CoreDNS at its own address to leave out the first two.',
      },
      {
        ko: '안쪽 이름만 모른다면, 파드의 search 끝에 있는 말과 Corefile의 kubernetes 줄을 나란히 놓아요.',
        en: 'If only names inside are unknown, put the end of search in the pod beside the line kubernetes of the Corefile.',
      },
      {
        ko: '파드의 명세, 서비스의 셀렉터, 디플로이먼트의 수, 컨피그맵의 글 가운데 하나를 되돌려요.',
        en: 'Put back one of these: the spec of the pod, the selector, the number of replicas, the text of the ConfigMap.',
      },
    ],
    async probe(world) {
      const store = world.parameters['store']!
      const outcome = await reaches(world, store, `from the ${store}`)
      return outcome.state === 'fail' ? outcome : reaches(world, 'ledger.billing', 'paid')
    },
  },
  {
    id: 'others',
    points: 1,
    needs: ['repair'],
    title: { ko: '다른 이름들도 모두 풀려요', en: 'All other names resolve as well' },
    hints: [
      {
        ko: 'clock에서 안쪽 이름을, 두 파드에서 바깥 이름을 물어봐요.',
        en: 'Ask for names inside from clock, and for names outside from both pods.',
      },
    ],
    probe: world =>
      allOf(
        webAnswers(
          { namespace: 'default', from: 'deploy/clock', url: 'http://ledger.billing', contains: 'paid' },
          {
            ko: 'clock에서 ledger.billing이 풀리지 않아요.',
            en: 'ledger.billing does not resolve from clock any more.',
          },
        ),
        ...['deploy/clock', reported(world)].map(from =>
          webAnswers(
            { namespace: 'default', from, url: 'http://example.com' },
            { ko: `${from}에서 바깥 이름이 풀리지 않아요.`, en: `Names outside do not resolve from ${from}.` },
          ),
        ),
      )(world),
  },
])
