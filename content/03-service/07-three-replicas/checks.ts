import { type Pod, pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, isReady, requestSeen, requestsLike, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const url = 'http://backend-service:8080/hostname'

const address = ({ client }: World) => client.get(service, 'backend-service', 'default')?.spec.clusterIP

/** The pods of the Deployment that are not on their way out. */
const replicas = ({ client }: World): Pod[] =>
  client
    .list(pod, { namespace: 'default', labels: { app: 'backend' } })
    .filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined && metadata.name.startsWith('backend-deployment-'),
    )

const namesOf = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name).join(', ')

/** The pods that answered so many connections of frontend, one after another, each named once. */
const answering = async (world: World, times: number) => {
  const { stdout } = await world.run(
    `kubectl exec frontend -- sh -c 'for i in $(seq ${times}); do curl -s -m 3 ${url}; echo; done'`,
    60_000,
  )
  return [...new Set(stdout.split('\n').filter(line => line !== ''))]
}

export default defineChecks([
  {
    id: 'who-refused',
    points: 1,
    title: {
      ko: '어긋난 서비스의 80번이 거절하는 것을 보고, 누가 거절했는지 알아요',
      en: 'You have seen port 80 of the mistaken Service refuse, and know who refused',
    },
    hints: [
      {
        ko: '고치기 전에 80번으로 한 번 불러 봐요.',
        en: 'Call port 80 once before you mend anything.',
      },
      {
        ko: '명단에 있는 주소를 파드 목록의 IP 칸에서 찾아요.',
        en: 'Look the address on the list up in the column IP of the pods.',
      },
    ],
    probe: allOf(
      requestSeen(
        { protocol: 'tcp', from: 'default/frontend', toPort: 80, verdict: ['refused', 'rejected'] },
        {
          ko: 'frontend에서 80번으로 보냈다가 거절된 연결이 아직 없어요.',
          en: 'No connection of frontend to port 80 has been refused yet.',
        },
      ),
      answeredRightly('who-refused', 'itself', {
        ko: '명단에는 주소가 하나 있었어요. 누구의 주소인가요?',
        en: 'The list held one address. Whose is it?',
      }),
    ),
  },
  {
    id: 'answers',
    points: 2,
    title: {
      ko: 'frontend가 부르면 backend 파드가 답해요',
      en: 'When frontend calls, a backend pod answers',
    },
    hints: [
      {
        ko: '명단에 있는 주소가 어느 파드의 것인지, 서비스가 여는 포트가 몇 번인지 봐요.',
        en: 'See whose address is on the list, and which port the Service opens.',
      },
      {
        ko: '셀렉터를 backend 파드의 레이블과, port를 부르는 번호와 비교해요.',
        en: 'Compare the selector with the label of the backend pods, and port with the number that is called.',
      },
    ],
    probe: allOf(webAnswers({ from: 'frontend', url, contains: 'backend-deployment-' }), ({ client }) => {
      const type = client.get(service, 'backend-service', 'default')?.spec.type
      return type === 'ClusterIP'
        ? pass()
        : fail({ ko: '서비스의 종류는 ClusterIP로 둬요.', en: 'Leave the type of the Service ClusterIP.' }, type)
    }),
  },
  {
    id: 'often',
    points: 1,
    needs: ['answers'],
    title: {
      ko: 'frontend에서 서비스를 스무 번 넘게 불렀어요',
      en: 'frontend has called the Service more than twenty times',
    },
    hints: [
      {
        ko: '몇 번만 불러서는 주사위가 고른지 알 수 없어요.',
        en: 'A few calls do not tell whether the dice are fair.',
      },
    ],
    probe(world) {
      const { length } = requestsLike(world, {
        protocol: 'tcp',
        from: 'default/frontend',
        toAddress: address,
        toPort: 8080,
        verdict: 'answered',
      })
      return length > 20
        ? pass(String(length))
        : fail(
            {
              ko: '답을 받은 연결이 아직 스무 개를 넘지 않아요.',
              en: 'Not more than twenty connections were answered yet.',
            },
            String(length),
          )
    },
  },
  {
    id: 'why-half',
    points: 1,
    title: { ko: '둘째 줄이 왜 반인지 알아요', en: 'You know why the second line says a half' },
    hints: [
      {
        ko: '세 연결이 왔다고 해 봐요. 둘째 줄까지 오는 것은 몇인가요?',
        en: 'Say three connections come. How many get as far as the second line?',
      },
    ],
    probe: answeredRightly('why-half', 'rest'),
  },
  {
    id: 'set-aside',
    points: 2,
    needs: ['answers'],
    title: {
      ko: 'backend 파드 셋 가운데 하나만 준비되지 않은 채 살아 있어요',
      en: 'Of three backend pods, one alone lives on without being ready',
    },
    hints: [
      {
        ko: '준비성 프로브가 무엇을 보는지 매니페스트에서 찾아요.',
        en: 'Find in the manifest what the readiness probe looks at.',
      },
      {
        ko: '지우거나 레이블을 떼면 디플로이먼트가 새 파드로 채워요.',
        en: 'If a pod is deleted or loses its label, the Deployment fills its place with a new one.',
      },
    ],
    async probe(world) {
      const pods = replicas(world)
      const unready = pods.filter(one => !isReady(one))
      if (pods.length !== 3 || unready.length !== 1)
        return fail(
          {
            ko: `backend 파드 ${pods.length}개 가운데 ${unready.length}개가 준비되지 않았어요. 셋 가운데 하나여야 해요.`,
            en: `Of ${pods.length} backend pods, ${unready.length} are not ready; it has to be one of three.`,
          },
          namesOf(unready),
        )
      const name = namesOf(unready)
      const { stdout } = await world.run(`kubectl exec ${name} -- sh -c 'hostname'`, 10_000)
      return stdout.trim() === name
        ? pass(name)
        : fail({ ko: '그 파드의 컨테이너는 실행되고 있어야 해요.', en: 'The container of that pod has to run.' }, name)
    },
  },
  {
    id: 'sticks',
    points: 3,
    needs: ['set-aside'],
    title: {
      ko: 'frontend의 연결은 모두 준비된 한 파드로 가요',
      en: 'All connections of frontend go to one ready pod',
    },
    hints: [
      {
        ko: '서비스의 spec에서 손님의 주소를 기억하게 하는 칸을 찾아요.',
        en: 'Find in the spec of the Service what makes it remember the address of a client.',
      },
      {
        ko: '규칙에 recent가 있는 줄이 생겼는지 봐요.',
        en: 'See whether there are rules with recent now.',
      },
    ],
    async probe(world) {
      const names = await answering(world, 12)
      if (names.length !== 1)
        return fail(
          {
            ko: `열두 번의 연결에 파드 ${names.length}개가 답했어요. 하나여야 해요.`,
            en: `Twelve connections were answered by ${names.length} pods; it has to be one.`,
          },
          names.join(', '),
        )
      const ready = replicas(world).filter(isReady)
      return ready.length === 2 && ready.some(({ metadata }) => metadata.name === names[0])
        ? pass(names[0])
        : fail({ ko: '준비된 파드가 둘 있어야 해요.', en: 'Two pods have to be ready.' }, namesOf(ready))
    },
  },
])
