import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, requestSeen } from '#simulator/grading/probes.ts'
import { addressOfIngress, askSite } from '#simulator/grading/sites.ts'
import type { World } from '#simulator/grading/world.ts'

/** Whether a drink's name leads to its pod, by the address that the Ingress `tea` shows. */
async function served(world: World, drink: string) {
  const at = addressOfIngress(world, 'tea')
  if (at === undefined)
    return fail({
      ko: 'tea 인그레스에 아직 ADDRESS가 없어요. 맡은 컨트롤러가 1분 안에 적어요.',
      en: 'The Ingress tea has no ADDRESS yet. A controller that serves it writes one within a minute.',
    })
  const { code, page, text } = await askSite(world, { at, url: `http://${drink}.example/` })
  if (page === `a cup of ${drink}`) return pass(page)
  return fail(
    code === 404
      ? { ko: `nginx가 ${drink}.example을 몰라요.`, en: `nginx does not know ${drink}.example.` }
      : { ko: `${drink}.example의 답이 달라요.`, en: `${drink}.example gives another answer.` },
    `${at}: ${page.startsWith('<') || page === '' ? text : page}`,
  )
}

export default defineChecks([
  {
    id: 'rules-alone',
    points: 1,
    title: {
      ko: '노드의 80번 포트를 불렀다가 거절되는 것을 봤어요',
      en: 'You have seen a call to port 80 of a node refused',
    },
    hints: [
      { ko: '작업용 컴퓨터에서 노드의 80번 포트를 불러 봐요.', en: 'Call port 80 of a node from the workstation.' },
      {
        ko: '그 노드에서 어떤 소켓이 듣고 있는지도 봐요.',
        en: 'See as well which sockets listen on that node.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'lab', toPort: 80, verdict: ['refused', 'rejected'] },
      {
        ko: '80번 포트에서 거절된 요청이 아직 없어요.',
        en: 'No request to port 80 has been refused yet.',
      },
    ),
  },
  {
    id: 'controller',
    points: 2,
    title: {
      ko: 'tea.example이 인그레스의 주소에서 답해요',
      en: 'tea.example answers at the address of the Ingress',
    },
    hints: [
      {
        ko: '컨트롤러의 파드가 준비됐는지, 그 서비스가 바깥 주소를 받았는지 봐요.',
        en: 'See whether the pod of the controller is ready and whether its Service has got an outside address.',
      },
      {
        ko: '인그레스의 CLASS와 IngressClass의 이름을 비교해요.',
        en: 'Compare the CLASS of the Ingress with the name of the IngressClass.',
      },
    ],
    probe: world => served(world, 'tea'),
  },
  {
    id: 'who-got-it',
    points: 1,
    title: { ko: 'nginx가 요청을 어디로 넘겼는지 알아요', en: 'You know where nginx passed the request' },
    hints: [
      {
        ko: '컨트롤러의 로그에 있는 주소를 파드와 서비스의 목록에서 찾아요.',
        en: 'Find the address from the log of the controller in the lists of pods and Services.',
      },
    ],
    probe: answeredRightly('who-got-it', 'pod', {
      ko: '그 주소는 nginx의 로그에 없어요.',
      en: 'That address is not in the log of nginx.',
    }),
  },
  {
    id: 'class',
    points: 3,
    needs: ['controller'],
    title: {
      ko: 'coffee.example도 같은 주소에서 답해요',
      en: 'coffee.example answers at the same address',
    },
    hints: [
      {
        ko: '두 인그레스가 목록에서 어느 칸이 다른지 봐요.',
        en: 'See in which column of the list the two Ingresses differ.',
      },
      {
        ko: '클래스의 이름은 IngressClass 오브젝트를 가리켜요. 그 오브젝트가 컨트롤러를 가리키고요.',
        en: 'The name of a class means an object IngressClass, and that object names a controller.',
      },
      {
        ko: '인그레스가 부르는 이름을 바꿀 수도 있고, 그 이름을 새로 만들 수도 있어요.',
        en: 'Change the name that the Ingress calls, or make that name exist.',
      },
    ],
    probe: world => served(world, 'coffee'),
  },
])
