import { deployment } from '#simulator/cluster/kinds/deployment.ts'
import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, isReady, requestsLike } from '#simulator/grading/probes.ts'

export default defineChecks([
  {
    id: 'remembered',
    points: 2,
    title: {
      ko: 'sleep-1이 답을 받던 주소에서 더는 답을 받지 못해요',
      en: 'sleep-1 gets no answer any more from an address that used to answer',
    },
    hints: [
      {
        ko: '파드를 지우기 전에 한 번, 지운 뒤에 한 번 같은 주소를 불러요.',
        en: 'Call the same address once before you delete the pod, and once after.',
      },
      {
        ko: '새 파드의 주소가 아니라 적어 둔 주소를 불러요.',
        en: 'Call the address that you kept, not the one of the new pod.',
      },
    ],
    probe(world) {
      const pods = world.client.list(pod)
      if (!pods.some(one => one.metadata.labels?.['app'] === 'sleep-2' && isReady(one)))
        return fail({ ko: '준비된 sleep-2 파드가 없어요.', en: 'No pod of sleep-2 is ready.' })
      const requests = requestsLike(world, { from: 'default/sleep-1' })
      const answered = requests.filter(({ verdict }) => verdict === 'answered')
      if (answered.length === 0)
        return fail({
          ko: 'sleep-1이 답을 받은 주소가 아직 없어요.',
          en: 'sleep-1 has not had an answer from any address yet.',
        })
      const taken = new Set(pods.map(({ status }) => status.podIP))
      const gone = answered.filter(({ toAddress }) => toAddress.startsWith('10.244.') && !taken.has(toAddress))
      if (gone.length === 0)
        return fail(
          {
            ko: 'sleep-1이 부른 파드는 아직 그 주소에 그대로 있어요.',
            en: 'The pod that sleep-1 called still has its address.',
          },
          answered.at(-1)?.toAddress,
        )
      const lost = requests.find(
        ({ at, toAddress, verdict }) =>
          verdict !== 'answered' && gone.some(before => before.toAddress === toAddress && before.at < at),
      )
      return lost
        ? pass(lost.toAddress)
        : fail(
            {
              ko: '파드가 사라진 뒤에 sleep-1이 예전 주소를 부른 일이 아직 없어요.',
              en: 'Since the pod went away, sleep-1 has not called its old address.',
            },
            gone.at(-1)?.toAddress,
          )
    },
  },
  {
    id: 'which-lives',
    points: 1,
    title: { ko: '주소가 무엇과 함께 사라지는지 알아요', en: 'You know with what an address goes' },
    hints: [
      {
        ko: 'RESTARTS가 늘었을 때와 NAME이 바뀌었을 때의 IP를 비교해요.',
        en: 'Compare IP after RESTARTS grew with IP after NAME changed.',
      },
    ],
    probe: answeredRightly('which-lives', 'pod'),
  },
  {
    id: 'where-lost',
    points: 1,
    needs: ['remembered'],
    title: { ko: '패킷이 어디에서 사라지는지 알아요', en: 'You know where the packets are lost' },
    hints: [
      {
        ko: 'trace에서 마지막으로 나온 곳과, 오류를 돌려보낸 곳을 봐요.',
        en: 'See where the trace ends, and who sent the error back.',
      },
    ],
    probe: answeredRightly('where-lost', 'node2'),
  },
  {
    id: 'repair',
    points: 3,
    title: { ko: '고치기: courier가 다시 물건을 받아요', en: 'Repair: courier gets its goods again' },
    hints: [
      {
        ko: 'courier가 부르는 주소를 지금 있는 파드들의 주소와 비교해요.',
        en: 'Compare the address that courier calls with the addresses of the pods there are.',
      },
      {
        ko: '그 주소는 courier의 환경 변수에 적혀 있어요. 환경 변수가 바뀌면 디플로이먼트가 파드를 새로 만들어요.',
        en: 'That address is in an environment variable of courier. When it changes, the Deployment makes a new pod.',
      },
    ],
    async probe(world) {
      const { shop = '' } = world.parameters
      if (!world.client.get(deployment, shop, 'default') || !world.client.get(deployment, 'courier', 'default'))
        return fail({
          ko: `디플로이먼트 courier와 ${shop}는 그대로 있어야 해요.`,
          en: `The Deployments courier and ${shop} have to stay.`,
        })
      const { stdout } = await world.run('sleep 7; kubectl logs deploy/courier --since=4s', 20_000)
      if (stdout.includes(`goods of the ${shop}`)) return pass(`goods of the ${shop}`)
      return fail(
        { ko: 'courier가 부르는 곳에 아무도 없어요.', en: 'There is nobody where courier calls.' },
        stdout.trim().split('\n').at(-1),
      )
    },
  },
])
