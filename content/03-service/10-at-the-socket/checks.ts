import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, requestSeen } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const address = ({ client }: World) => client.get(service, 'web', 'default')?.spec.clusterIP

const webPods = ({ client }: World) => client.list(pod, { namespace: 'default', labels: { app: 'web' } })

export default defineChecks([
  {
    id: 'silence',
    points: 1,
    title: {
      ko: '서비스로 보낸 ping에 답이 없는 것을 봤어요',
      en: 'You have seen a ping to the Service get no answer',
    },
    hints: [
      {
        ko: 'client에서 web으로 ping을 보내요.',
        en: 'Send a ping from client to web.',
      },
    ],
    probe: requestSeen(
      {
        protocol: 'icmp',
        from: 'default/client',
        toAddress: address,
        verdict: 'unanswered',
      },
      {
        ko: 'client에서 web으로 보냈다가 답을 받지 못한 ping이 아직 없어요.',
        en: 'No ping from client to web has gone unanswered yet.',
      },
    ),
  },
  {
    id: 'answered',
    points: 1,
    title: {
      ko: 'kube-proxy가 없어도 client가 web의 답을 받았어요',
      en: 'client has got an answer from web without any kube-proxy',
    },
    hints: [
      {
        ko: 'client에서 서비스의 이름으로 불러요.',
        en: 'Call the Service by name from client.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'default/client', toAddress: address, toPort: 80, verdict: 'answered' },
      {
        ko: 'client에서 web으로 보내 답을 받은 연결이 아직 없어요.',
        en: 'No connection from client to web has been answered yet.',
      },
    ),
  },
  {
    id: 'who-changed',
    points: 1,
    title: { ko: '주소가 언제 바뀌었는지 알아요', en: 'You know when the address was changed' },
    hints: [
      {
        ko: 'trace의 첫 정거장과 둘째 정거장의 차례를 봐요. 무엇이 먼저인가요?',
        en: 'See the order of the first two stops of the trace. Which comes first?',
      },
    ],
    probe: answeredRightly('who-changed', 'connect', {
      ko: '첫 패킷에 이미 파드의 주소가 있었어요. 이름은 서비스의 주소로 풀렸고요.',
      en: 'The first packet had the address of a pod already, and the name became the address of the Service.',
    }),
  },
  {
    id: 'behind',
    points: 3,
    title: {
      ko: 'behind.txt에 keeper의 연결 너머에 있는 파드가 적혀 있어요',
      en: "behind.txt names the pod at the other end of keeper's connection",
    },
    hints: [
      {
        ko: '2단계에서 커널에게 물어본 것을 떠올려요. 이번에는 누구의 소켓을 봐야 하나요?',
        en: 'Remember how you asked the kernel in step 2. Whose sockets do you need now?',
      },
      {
        ko: '찾은 주소를 파드 목록의 IP 칸에서 찾아요.',
        en: 'Look the address you found up in the column IP of the pods.',
      },
    ],
    async probe(world) {
      const { stdout: file, status } = await world.run('cat behind.txt')
      if (status !== 0) return fail({ ko: '아직 behind.txt가 없어요.', en: 'There is no behind.txt yet.' })
      const { stdout } = await world.run('kubectl exec keeper -- ss -Htn state established', 10_000)
      const other = webPods(world).find(({ status }) => stdout.includes(` ${status.podIP}:8080`))
      if (!other)
        return fail(
          {
            ko: 'keeper의 연결이 끊겼어요. web 파드와 keeper를 처음대로 되돌려요.',
            en: 'The connection of keeper is broken. Reset the lab to bring back keeper and the web pods.',
          },
          stdout.trim(),
        )
      const named = file.trim().replace(/^pod\//, '')
      return named === other.metadata.name
        ? pass(named)
        : fail({ ko: '그 파드는 keeper와 이어져 있지 않아요.', en: 'keeper is not connected to that pod.' }, named)
    },
  },
])
