import { namespace } from '#simulator/cluster/kinds/namespace.ts'
import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, podReady, requestSeen } from '#simulator/grading/probes.ts'

export default defineChecks([
  {
    id: 'how-many-workers',
    points: 1,
    title: { ko: '일하는 노드의 수를 알아요', en: 'You know how many nodes do the work' },
    hints: [{ ko: '노드 목록의 ROLES 칸을 봐요.', en: 'Look at the column ROLES in the list of nodes.' }],
    probe: answeredRightly('how-many-workers', 'two'),
  },
  {
    id: 'where-is-dns',
    points: 1,
    title: { ko: 'coredns가 어디 있는지 알아요', en: 'You know where coredns is' },
    hints: [
      {
        ko: '모든 네임스페이스의 파드를 보고 첫 칸을 읽어요.',
        en: 'List the pods of all namespaces and read the first column.',
      },
    ],
    probe: answeredRightly('where-is-dns', 'kube-system'),
  },
  {
    id: 'inside',
    points: 1,
    title: {
      ko: 'hello 파드 안에서 자기 웹 서버를 불렀어요',
      en: 'From inside the pod hello, its own web server was called',
    },
    hints: [
      {
        ko: '명령은 파드 안에서 실행해야 해요. --의 앞과 뒤를 구분해요.',
        en: 'The command has to run inside the pod: mind what stands before -- and what after.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'default/hello', toAddress: '127.0.0.1', toPort: 80, verdict: 'answered' },
      {
        ko: 'hello 파드 안에서 부른 적이 아직 없어요.',
        en: 'Nothing has been called from inside hello yet.',
      },
    ),
  },
  {
    id: 'rose',
    points: 2,
    title: { ko: '네임스페이스 garden에 rose 파드가 있어요', en: 'In the namespace garden there is a pod rose' },
    hints: [
      { ko: '네임스페이스를 먼저 만들어요.', en: 'Make the namespace first.' },
      {
        ko: '파드를 만들 때 어느 네임스페이스인지 말해야 해요.',
        en: 'Say which namespace when you make the pod.',
      },
    ],
    async probe(world) {
      if (!world.client.get(namespace, 'garden'))
        return fail({ ko: '네임스페이스 garden이 아직 없어요.', en: 'There is no namespace garden yet.' })
      if (!world.client.get(pod, 'rose', 'garden') && world.client.get(pod, 'rose', 'default'))
        return fail({ ko: 'rose가 default에 있어요.', en: 'rose is in default.' })
      const ready = await podReady('rose', 'garden')(world)
      if (ready.state === 'fail') return ready
      const [container] = world.client.get(pod, 'rose', 'garden')!.spec.containers
      return container?.image === 'nginx:1.27'
        ? pass()
        : fail({ ko: 'rose의 이미지가 달라요.', en: 'rose has another image.' }, container?.image)
    },
  },
  {
    id: 'hello-gone',
    points: 1,
    needs: ['inside'],
    title: { ko: 'hello 파드를 지웠어요', en: 'The pod hello has been deleted' },
    hints: [{ ko: '만드는 동사가 있으면 지우는 동사도 있어요.', en: 'There is a verb to make, and one to unmake.' }],
    probe({ client }) {
      return client.get(pod, 'hello', 'default')
        ? fail({ ko: 'hello 파드가 아직 있어요.', en: 'The pod hello is still there.' })
        : pass()
    },
  },
])
