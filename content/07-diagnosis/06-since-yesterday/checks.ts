import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { fileNames } from '#simulator/grading/answerFile.ts'
import { callsDropped } from '#simulator/grading/calls.ts'
import { defineChecks, fail } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, isReady, requestSeen, webAnswers, webStaysSilent } from '#simulator/grading/probes.ts'

export default defineChecks([
  {
    id: 'compared',
    points: 1,
    title: {
      ko: 'auditor에서도 같은 서비스를 불러 견줬어요',
      en: 'You have called the same Service from auditor to compare',
    },
    hints: [
      {
        ko: '첫 명령에서 네임스페이스와 파드의 이름만 바꿔요.',
        en: 'Change just the namespace and the name of the pod in the first command.',
      },
    ],
    probe: requestSeen(
      {
        protocol: 'tcp',
        from: 'audit/auditor',
        toAddress: ({ client, parameters }) => client.get(service, 'shelf', parameters['keep'])?.spec.clusterIP,
        toPort: 80,
        verdict: 'answered',
      },
      {
        ko: 'auditor에서 서비스 shelf로 보낸 요청이 아직 없어요.',
        en: 'No request from auditor to the Service shelf has been answered yet.',
      },
    ),
  },
  {
    id: 'which-gate',
    points: 1,
    title: {
      ko: '나가다 버려진 패킷은 누구의 정책 탓인지 알아요',
      en: 'You know whose policy drops a packet on its way out',
    },
    hints: [
      {
        ko: '정책의 podSelector는 어느 네임스페이스의 파드를 고르나요?',
        en: 'From which namespace does the podSelector of a policy select pods?',
      },
    ],
    probe: answeredRightly('which-gate', 'sender'),
  },
  {
    id: 'cause',
    points: 2,
    title: { ko: 'cause.txt에 잘못된 변경이 적혀 있어요', en: 'cause.txt names the change that was wrong' },
    hints: [
      {
        ko: 'curl의 마지막 말을 읽어요. 이름을 묻다가 멈췄나요, 연결하다가 멈췄나요?',
        en: 'Read the last words of curl. Was it stuck at resolving or at connecting?',
      },
      {
        ko: '연결하다가 멈췄다면 kubehop trace에 --why를 붙여요. 나가는 방향인지 들어오는 방향인지 말해 줘요.',
        en: 'If at connecting, ask kubehop trace with --why: it says whether egress or ingress.',
      },
      {
        ko: '막은 쪽의 정책이 적어 둔 레이블, 포트의 이름과 번호를 실제 네임스페이스와 파드에 하나씩 맞춰 봐요.',
        en: 'Put the labels, and the names and numbers of ports that the policies of that side write, beside those of the namespaces and pods.',
      },
    ],
    probe: fileNames('cause.txt', 'cause', {
      ko: '그 변경은 해가 없었어요. 패킷이 버려진 노드와 방향을 다시 봐요.',
      en: 'That change did no harm. See again on which node and in which direction the packet is dropped.',
    }),
  },
  {
    id: 'repair',
    points: 3,
    title: { ko: 'clerk가 이름으로 shelf의 답을 받아요', en: 'clerk calls shelf by name and gets an answer' },
    hints: [
      {
        ko: '한 문만 틀렸어요. 다른 문을 손대기 전에 그 문이 맞는지 kubehop trace로 확인해요.',
        en: 'Only one gate is wrong. Before you touch another, see with kubehop trace that this is the one.',
      },
      {
        ko: '고칠 것은 네임스페이스의 레이블, 이름을 묻는 정책의 상대, 포트의 이름, 나가는 포트의 번호 가운데 하나예요.',
        en: 'What has to change is one of these: the label of a namespace, whom the policy for names lets pods ask, the name of a port, the number of the port for leaving.',
      },
    ],
    probe(world) {
      const { ask, keep } = world.parameters
      return webAnswers(
        { from: 'clerk', namespace: ask!, url: `http://shelf.${keep}`, contains: 'all is on the shelf' },
        { ko: 'clerk의 요청이 아직 선반에 닿지 못해요.', en: 'The calls of clerk still do not reach the shelf.' },
      )(world)
    },
  },
  {
    id: 'still-guarded',
    points: 2,
    needs: ['repair'],
    title: {
      ko: 'auditor는 여전히 가고, 막혀 있던 것은 막혀 있어요',
      en: 'auditor still gets through, and what was shut is shut',
    },
    hints: [
      {
        ko: 'stranger에서 shelf로, clerk에서 9090번과 bulletin으로 보내 봐요.',
        en: 'Call shelf from stranger, and port 9090 and bulletin from clerk.',
      },
      {
        ko: '정책을 지우거나 넓게 열었다면 되돌리고, 틀린 낱말 하나만 바꿔요.',
        en: 'If you deleted or widened policies, undo it, and change just the one word that is wrong.',
      },
    ],
    probe(world) {
      const { ask, keep } = world.parameters
      const shelf = world.client.list(pod, { namespace: keep!, labels: { app: 'shelf' } }).find(one => isReady(one))
      if (!shelf) return fail({ ko: '준비된 shelf 파드가 없어요.', en: 'No pod of shelf is ready.' })
      const to = `${keep}/${shelf.metadata.name}`
      return allOf(
        webAnswers(
          { from: 'auditor', namespace: 'audit', url: `http://shelf.${keep}` },
          { ko: 'auditor의 길이 끊겼어요.', en: 'The way of auditor is cut.' },
        ),
        webStaysSilent(
          { from: 'stranger', url: `http://shelf.${keep}` },
          { ko: 'stranger가 shelf에 닿아요.', en: 'stranger gets to shelf.' },
        ),
        callsDropped(
          { from: 'default/stranger', to, port: 8080 },
          { from: `${ask}/clerk`, to, port: 9090 },
          { from: `${ask}/clerk`, to: 'default/bulletin', port: 8080 },
        ),
      )(world)
    },
  },
])
