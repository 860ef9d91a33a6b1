import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, requestSeen, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const addressOf = ({ client }: World, name: string) => client.get(pod, name, 'default')?.status.podIP

export default defineChecks([
  {
    id: 'crossed',
    points: 1,
    title: { ko: 'client가 다른 노드의 far를 불렀어요', en: 'client has called far on the other node' },
    hints: [
      {
        ko: 'far의 주소는 파드 목록의 IP 칸에 있어요. 포트는 8080번이에요.',
        en: 'The list of pods has the address of far in its column IP. The port is 8080.',
      },
    ],
    probe: requestSeen(
      {
        protocol: 'tcp',
        from: 'default/client',
        toAddress: world => addressOf(world, 'far'),
        toPort: 8080,
        verdict: 'answered',
      },
      {
        ko: 'client에서 far의 8080번으로 보낸 요청이 아직 답을 받지 못했어요.',
        en: 'No request from client to port 8080 of far has been answered yet.',
      },
    ),
  },
  {
    id: 'why-1480',
    points: 1,
    needs: ['crossed'],
    title: { ko: 'MTU가 왜 20만큼 작은지 알아요', en: 'You know why the MTU is 20 less' },
    hints: [
      {
        ko: '전선에서 잡은 줄에 IP가 몇 번 나오는지, UDP 포트가 있는지 봐요.',
        en: 'In the lines from the wire, count the IPs, and see whether there is a UDP port.',
      },
    ],
    probe: answeredRightly('why-1480', 'outer-ip', {
      ko: '전선에서 잡은 줄과 맞지 않아요. 바깥쪽 헤더를 다시 봐요.',
      en: 'That does not agree with the lines from the wire. Look at the outer header again.',
    }),
  },
  {
    id: 'unwrapped',
    points: 3,
    title: {
      ko: '파드의 패킷이 감싸이지 않고 노드를 건너요',
      en: 'Packets of pods cross from node to node without a wrapping',
    },
    hints: [
      {
        ko: 'node1의 경로에서 다른 노드로 가는 줄이 어느 인터페이스로 나가는지 봐요.',
        en: 'See by which interface the routes of node1 lead to the other nodes.',
      },
      {
        ko: '노드가 아니라 IPPool의 설정을 바꿔요. 세 가지 값의 뜻을 비교해요.',
        en: 'Change the setting of the IPPool, not the nodes. Compare what the three values mean.',
      },
    ],
    async probe(world) {
      const far = addressOf(world, 'far')
      const near = addressOf(world, 'client')
      if (!far || !near) return fail({ ko: 'client나 far가 없어요.', en: 'client or far is missing.' })
      const answered = await webAnswers({ from: 'client', url: `http://${far}:8080`, contains: 'far' })(world)
      if (answered.state === 'fail') return answered
      for (const [node, address] of [
        ['node1', far],
        ['node2', near],
      ] as const) {
        const { stdout } = await world.run(`ssh ${node} ip route get ${address}`)
        const device = / dev (\S+)/.exec(stdout)?.[1]
        if (device !== 'eth0')
          return fail(
            {
              ko: `${node}의 경로는 아직 ${device}에서 패킷을 감싸요.`,
              en: `The route of ${node} still wraps the packets, at ${device}.`,
            },
            stdout.split('\n')[0],
          )
      }
      return pass()
    },
  },
  {
    id: 'when-needed',
    points: 1,
    title: { ko: '언제 감싸야 하는지 알아요', en: 'You know when packets must be wrapped' },
    hints: [
      {
        ko: '라우터가 패킷에서 보는 것은 어느 주소인가요? 감싸면 무엇이 달라지나요?',
        en: 'Which address of a packet does a router look at? What changes when it is wrapped?',
      },
    ],
    probe: answeredRightly('when-needed', 'unknown'),
  },
  {
    id: 'kubenet',
    points: 1,
    title: { ko: 'kubenet이 있는지 찾아봤어요', en: 'You have looked for kubenet' },
    hints: [
      {
        ko: '플러그인의 실행 파일이 있는 폴더와 kubelet의 명령줄을 봐요.',
        en: 'Look at the folder of the plugins and at the command line of the kubelet.',
      },
    ],
    probe: answeredRightly('kubenet', 'gone'),
  },
])
