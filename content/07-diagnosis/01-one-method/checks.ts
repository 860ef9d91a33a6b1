import { pod } from '#simulator/cluster/kinds/pod.ts'
import { fileNames } from '#simulator/grading/answerFile.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, isReady } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** Calls a Deployment's page from the client by the name of its Service, and sees who answered. */
async function visit(world: World, app: string) {
  const { stdout, stderr, status } = await world.run(`kubectl exec client -- curl -sS -m 5 http://${app}`, 15_000)
  if (status !== 0)
    return fail(
      {
        ko: `client가 http://${app} 에서 답을 받지 못해요.`,
        en: `client gets no answer from http://${app}.`,
      },
      stderr.split('\n')[0],
    )
  const host = stdout.trim().split(' on ')[1] ?? ''
  const there = world.client.get(pod, host, 'default')
  return host.startsWith(`${app}-`) && there?.spec.nodeName === 'node2' && isReady(there)
    ? pass(stdout.trim())
    : fail(
        {
          ko: `답은 왔지만 node2에 있는 ${app} 파드의 답이 아니에요.`,
          en: `An answer came, but not from the pod of ${app} on node2.`,
        },
        stdout.trim(),
      )
}

export default defineChecks([
  {
    id: 'shop',
    points: 1,
    title: { ko: 'client가 shop을 불러요', en: 'client reaches shop' },
    hints: [
      {
        ko: '다섯째 역의 출력을 봐요. 주소와 포트 가운데 무엇이 다른가요?',
        en: 'Look at the output of the fifth station. What differs, the address or the port?',
      },
      {
        ko: '설정을 바꿔도 떠 있는 프로세스는 옛 설정으로 돌아요.',
        en: 'A process that runs keeps its old settings, whatever you change.',
      },
    ],
    probe: world => visit(world, 'shop'),
  },
  {
    id: 'who-refused',
    points: 1,
    title: { ko: 'shop의 연결을 누가 거절했는지 알아요', en: 'You know who refused the connection to shop' },
    hints: [
      {
        ko: '파드의 주소로 바로 불러도 거절됐어요. 서비스와 그 규칙은 거치지 않았는데도요.',
        en: 'Called by its own address the pod refused as well, with no Service and no rule of one in between.',
      },
    ],
    probe: answeredRightly('who-refused', 'pod-kernel', {
      ko: '엔드포인트가 있었는지, 파드에서 도는 프로세스가 어느 주소에서 듣고 있었는지 다시 봐요.',
      en: 'See again whether there were endpoints, and at which address the process of the pod listened.',
    }),
  },
  {
    id: 'bakery',
    points: 2,
    title: { ko: 'client가 bakery를 불러요', en: 'client reaches bakery' },
    hints: [
      {
        ko: '파드의 주소로 부르면 답이 오나요? 그러면 고장은 그보다 앞에 있어요.',
        en: 'Does the pod answer at its own address? Then the fault lies before it.',
      },
      {
        ko: 'client가 부르는 포트와 서비스가 받는 포트를 견줘요.',
        en: 'Compare the port that client calls with the port that the Service takes.',
      },
    ],
    probe: world => visit(world, 'bakery'),
  },
  {
    id: 'station',
    points: 2,
    title: {
      ko: 'station.txt에 고장 난 역이 적혀 있어요',
      en: 'station.txt names the station that is broken',
    },
    hints: [
      {
        ko: '앞의 역이 모두 멀쩡할 때 처음으로 어긋나는 역을 적어요.',
        en: 'Write the first station that is wrong while all before it are well.',
      },
      {
        ko: '파드의 주소로 부른 결과가 거절인지 시간 초과인지에 따라 갈 역이 달라요.',
        en: 'Called at the address of the pod: was it refused, or did no answer come? The next station depends on it.',
      },
    ],
    probe: fileNames('station.txt', 'station', {
      ko: '그 역은 멀쩡하거나, 그 앞에서 이미 어긋났어요.',
      en: 'That station is well, or things went wrong before it.',
    }),
  },
  {
    id: 'alone',
    points: 3,
    title: { ko: '혼자서: client가 셋째 가게를 불러요', en: 'On your own: client reaches the third one' },
    hints: [
      {
        ko: '역의 순서대로 묻고, 멀쩡한 shop의 답과 나란히 놓아 봐요.',
        en: 'Ask from station to station, and put each answer beside that of shop, which is well now.',
      },
      {
        ko: '어긋난 역에 있는 것 하나만 고쳐요. 이름과 포트는 서비스, 파드로 가는 길은 노드, 듣는 주소는 설정에 있어요.',
        en: 'Mend the one thing of that station: names and ports are in the Service, the way to a pod on the nodes, the address to listen at in the settings.',
      },
    ],
    probe: world => visit(world, world.parameters['app']!),
  },
])
