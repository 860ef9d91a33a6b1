import { fileNames } from '#simulator/grading/answerFile.ts'
import { type Check, defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, requestSeen, webAnswers, webStaysSilent } from '#simulator/grading/probes.ts'

/** The address on the sign, without the port. */
const sign = '192.168.64.11'

/** The page of a shop comes from where customers stand and at the port that they know. */
const openToTheStreet: Check['probe'] = world => {
  const { shop, port } = world.parameters
  return allOf(
    webAnswers(
      { url: `http://${sign}:${port}`, contains: `welcome to the ${shop}` },
      {
        ko: '간판의 주소로 부르면 아직 가게의 페이지가 오지 않아요.',
        en: 'The address on the sign does not bring the page of the shop yet.',
      },
    ),
    webAnswers(
      { from: 'caller', url: `http://${shop}`, contains: `welcome to the ${shop}` },
      {
        ko: '바깥에서는 되지만, 안에서 이름으로 부르던 길이 끊겼어요.',
        en: 'Outside it works, but calling by name from inside does not any more.',
      },
    ),
  )(world)
}

export default defineChecks([
  {
    id: 'symptom',
    points: 1,
    title: { ko: '바깥에서 불러 증상을 봤어요', en: 'You have seen the symptom from outside' },
    hints: [
      {
        ko: '이 컴퓨터에서 간판에 적힌 노드의 주소와 포트를 불러요.',
        en: 'Call the address and port on the sign from this computer.',
      },
    ],
    async probe(world) {
      const toPort = Number(world.parameters['port'])
      return requestSeen(
        {
          protocol: 'tcp',
          from: 'lab',
          toAddress: sign,
          toPort,
          verdict: ['unanswered', 'refused', 'rejected'],
        },
        {
          ko: '이 컴퓨터에서 간판의 주소로 보낸 요청이 아직 없어요.',
          en: 'No request from this computer to the address on the sign has failed yet.',
        },
      )(world)
    },
  },
  {
    id: 'both-silent',
    points: 1,
    title: {
      ko: '두 노드가 모두 조용할 때 남는 후보를 알아요',
      en: 'You know the suspect that is left when both nodes are silent',
    },
    hints: [
      {
        ko: '후보마다 node2로 들어간 패킷이 그 후보를 만나는지 따져요. 거절과 시간 초과도 가려요.',
        en: 'Ask of each suspect whether a packet that enters at node2 meets it. Tell a refusal from a time-out, too.',
      },
    ],
    probe: answeredRightly('both-silent', 'policy'),
  },
  {
    id: 'cause',
    points: 2,
    title: { ko: 'cause.txt에 원인이 적혀 있어요', en: 'cause.txt names the cause' },
    hints: [
      {
        ko: '먼저 증상을 봐요. 바로 거절되나요, 아무 답이 없나요?',
        en: 'Begin with the symptom: is it refused at once, or is there no answer?',
      },
      {
        ko: 'node2의 같은 포트가 답하는지 봐요. 답한다면 node1만의 규칙이거나, node1에 없는 무언가예요.',
        en: 'See whether the same port of node2 answers. If so, it is a rule of node1, or something that node1 lacks.',
      },
      {
        ko: '잘 열리는 library의 서비스를 한 줄씩 나란히 놓고 봐요. node1의 nat보다 앞선 표의 규칙도 봐요.',
        en: 'Put the Service of library, which opens, beside it line by line. See the rules of node1 that come before nat, too.',
      },
    ],
    probe: fileNames('cause.txt', 'cause', {
      ko: '그 원인이라면 node1과 node2, 안에서 부른 결과가 지금과 달랐을 거예요.',
      en: 'With that cause node1, node2 and the call from inside would have ended otherwise.',
    }),
  },
  {
    id: 'repair',
    points: 3,
    title: { ko: '간판의 주소에서 가게의 페이지가 와요', en: 'The address on the sign brings the page of the shop' },
    hints: [
      {
        ko: 'kubehop trace로 lab에서 간판의 주소까지 따라가면 어느 노드의 어느 문인지 나와요.',
        en: 'Follow it with kubehop trace from lab to the address on the sign: it says which gate on which node.',
      },
      {
        ko: '원인에 따라 고칠 것은 하나예요. 노드의 규칙, 서비스의 두 설정 가운데 하나, 또는 정책의 from이에요.',
        en: 'One thing has to change: a rule of a node, one of two settings of the Service, or whom a policy lets in.',
      },
    ],
    probe: openToTheStreet,
  },
  {
    id: 'neighbours',
    points: 1,
    needs: ['repair'],
    title: {
      ko: '옆 가게는 열려 있고, 잠가 둔 것은 잠겨 있어요',
      en: 'The neighbours are open, and what was locked is locked',
    },
    hints: [
      {
        ko: 'florist와 library를 바깥에서, till을 caller에서 불러 봐요. node1의 2323번은 여전히 조용해야 해요.',
        en: 'Call florist and library from outside, and till from caller. Port 2323 of node1 has to stay silent.',
      },
      {
        ko: '한꺼번에 지우거나 비웠다면 되돌리고, 고장 난 것 하나만 바꿔요.',
        en: 'If you deleted or flushed everything at once, undo that, and change just the one thing that is wrong.',
      },
    ],
    probe: allOf(
      webAnswers({ url: `http://${sign}:30400`, contains: 'florist' }),
      webAnswers({ url: `http://${sign}:30500`, contains: 'library' }),
      webStaysSilent(
        { from: 'caller', url: 'http://till' },
        { ko: '금고 till이 caller에게 열려 있어요.', en: 'The till is open to caller.' },
      ),
      async world => {
        const { status } = await world.run(`curl -s -m 2 http://${sign}:2323`, 5_000)
        return status === 28
          ? pass()
          : fail({
              ko: 'node1의 2323번을 막던 규칙이 없어졌어요.',
              en: 'The rule that shut port 2323 of node1 is gone.',
            })
      },
    ),
  },
])
