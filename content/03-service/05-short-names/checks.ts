import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, podReady, requestSeen } from '#simulator/grading/probes.ts'

export default defineChecks([
  {
    id: 'across',
    points: 2,
    title: {
      ko: 'client가 다른 네임스페이스의 rose를 불렀어요',
      en: 'client has called rose in the other namespace',
    },
    hints: [
      {
        ko: 'rose가 어느 네임스페이스에 있는지 모든 네임스페이스의 목록에서 찾아요.',
        en: 'Find in the list of all namespaces where rose is.',
      },
      { ko: '이름과 네임스페이스를 점으로 이어요.', en: 'Join name and namespace with a dot.' },
    ],
    probe: requestSeen(
      {
        protocol: 'tcp',
        from: 'default/client',
        toAddress: ({ client, parameters }) => client.get(service, 'rose', parameters['garden'])?.spec.clusterIP,
        toPort: 80,
        verdict: 'answered',
      },
      {
        ko: 'client에서 rose 서비스로 보낸 요청이 아직 답을 받지 못했어요.',
        en: 'No request from client to the Service rose has been answered yet.',
      },
    ),
  },
  {
    id: 'which-always',
    points: 1,
    title: { ko: '어디서나 통하는 이름을 알아요', en: 'You know which name works everywhere' },
    hints: [
      {
        ko: 'search의 말을 하나씩 뒤에 붙여 봐요. 어느 것이 완전한 이름이 되나요?',
        en: 'Put the entries of search behind it, one by one. Which makes a full name?',
      },
    ],
    probe: answeredRightly('which-always', 'with-namespace'),
  },
  {
    id: 'repair',
    points: 3,
    title: { ko: '고치기: shop이 장미를 받아요', en: 'Repair: shop gets its roses' },
    hints: [
      {
        ko: 'shop이 부르는 이름은 어느 네임스페이스의 서비스를 뜻하나요?',
        en: 'Which namespace does the name that shop calls belong to?',
      },
      {
        ko: '떠 있는 파드의 환경 변수는 바꿀 수 없어요. 파드를 다시 만들거나, 이름을 새로 만들어요.',
        en: 'The environment of a running pod cannot be changed: make the pod anew, or make a new name.',
      },
      {
        ko: '다른 이름을 가리키기만 하는 서비스도 있어요.',
        en: 'There is a type of Service that only points at another name.',
      },
    ],
    async probe(world) {
      const { garden } = world.parameters
      const rose = world.client.get(pod, 'rose', garden)
      if (!rose) return fail({ ko: 'rose 파드가 제자리에 없어요.', en: 'The pod rose is no longer in its place.' })
      const ready = await podReady('shop')(world)
      if (ready.state === 'fail') return ready
      const { stdout } = await world.run('sleep 7; kubectl logs shop --since=4s', 20_000)
      if (stdout.includes('a rose')) return pass('a rose')
      return fail(
        { ko: 'shop이 아직 장미를 받지 못해요.', en: 'shop still gets no rose.' },
        stdout.trim().split('\n').at(-1),
      )
    },
  },
])
