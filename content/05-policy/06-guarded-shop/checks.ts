import { callEnd, callsAnswered, callsDropped, callText, type PodCall } from '#simulator/grading/calls.ts'
import { defineChecks, fail, type Outcome, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** Where everything is in this learner's lab. */
function placesOf({ parameters }: World) {
  const { shop, watch, apiPort, dbPort } = parameters
  return {
    customer: 'default/customer',
    monitor: `${watch}/monitor`,
    intern: `${watch}/intern`,
    web: { to: `${shop}/web`, port: 8080 },
    api: { to: `${shop}/api`, port: Number(apiPort) },
    db: { to: `${shop}/db`, port: Number(dbPort) },
  }
}

/** The ports of the three tiers on which they tell how they are. */
const metricsOf = (world: World, from: string): PodCall[] => {
  const { web, api, db } = placesOf(world)
  return [web, api, db].map(({ to }) => ({ from, to, port: 9102 }))
}

/** A pod that nobody thought of starts in the shop: nobody gets in, and it gets nowhere. */
async function newcomerShut(world: World): Promise<Outcome> {
  const { customer, api } = placesOf(world)
  const { shop } = world.parameters
  const image = 'nicolaka/netshoot:v0.13'
  await world.run(`kubectl run -n ${shop} newcomer --image=${image} -- sleep infinity`, 10_000)
  await world.run(`kubectl wait -n ${shop} pod/newcomer --for=condition=Ready --timeout=30s`, 40_000)
  for (const call of [
    { from: customer, to: `${shop}/newcomer`, port: 8080 },
    { from: `${shop}/newcomer`, ...api },
    { from: `${shop}/newcomer`, to: customer, port: 8080 },
  ]) {
    const end = await callEnd(world, call)
    if (end !== 'unanswered')
      return fail(
        {
          ko: '가게에 새로 생긴 파드가 처음부터 열려 있어요.',
          en: 'A pod that is new in the shop is open from the beginning.',
        },
        `${callText(call)}: ${end}`,
      )
  }
  return pass()
}

export default defineChecks([
  {
    id: 'adds-up',
    points: 1,
    title: { ko: '새는 까닭을 알아요', en: 'You know why something leaks' },
    hints: [
      {
        ko: '한 파드를 고르는 정책이 몇 개인지 세어 봐요. 그 정책들은 서로 어떻게 합쳐지나요?',
        en: 'Count the policies that select one pod. How do they combine?',
      },
    ],
    probe: answeredRightly('adds-up', 'other-policy'),
  },
  {
    id: 'chain',
    points: 3,
    title: {
      ko: 'customer → web → api → db가 이름으로 이어져요',
      en: 'customer → web → api → db works by name',
    },
    hints: [
      {
        ko: '막힌 요청에 kubehop trace를 --why와 함께 써서 어느 노드의 어느 방향인지 봐요.',
        en: 'Use kubehop trace with --why on the call that fails, and see on which node and in which direction.',
      },
      {
        ko: '이름을 묻다가 멈추면 CoreDNS 파드의 네임스페이스, 레이블, 프로토콜을 dns 정책과 비교해요. 고른 파드도 봐요.',
        en: 'If it is stuck at the name, compare namespace, labels and protocols of CoreDNS with the policy dns, and see whom it selects.',
      },
      {
        ko: '연결하다가 멈추면 보내는 쪽의 나가는 규칙과 받는 쪽의 들어오는 규칙을 둘 다 봐요. 레이블과 파드의 포트예요.',
        en: 'If it is stuck at connecting, look at both the egress rules of the sender and the ingress rules of the receiver: labels, and the ports of pods.',
      },
    ],
    probe(world) {
      const { customer, web } = placesOf(world)
      const namespace = world.parameters['shop']!
      return allOf(
        callsAnswered({ from: customer, ...web }),
        webAnswers({ from: 'customer', url: `http://web.${namespace}/hostname`, contains: 'web' }),
        webAnswers({ from: 'web', namespace, url: 'http://api/hostname', contains: 'api' }),
        webAnswers({ from: 'api', namespace, url: 'http://db/hostname', contains: 'db' }),
      )(world)
    },
  },
  {
    id: 'metrics',
    points: 2,
    title: {
      ko: 'monitor만, 그리고 9102번만 읽어요',
      en: 'Only monitor reads, and only port 9102',
    },
    hints: [
      {
        ko: 'monitor, intern, customer에서 세 파드의 9102번과 업무 포트를 불러 보고 남는 것을 찾아요.',
        en: 'From monitor, intern and customer call port 9102 and the other ports of the three pods, and find what is too much.',
      },
      {
        ko: 'metrics 정책의 from에서 네임스페이스와 레이블이 한 항목인지, 포트가 적혀 있는지 봐요.',
        en: 'See in the policy metrics whether namespace and labels are one entry under from, and whether a port is named.',
      },
    ],
    probe(world) {
      const { customer, monitor, intern, api, db } = placesOf(world)
      return allOf(
        callsAnswered(...metricsOf(world, monitor)),
        callsDropped(
          ...metricsOf(world, intern),
          ...metricsOf(world, customer),
          { from: monitor, ...api },
          { from: monitor, ...db },
        ),
      )(world)
    },
  },
  {
    id: 'sealed',
    points: 3,
    title: {
      ko: '허락하지 않은 요청은 모두 막히고, 새로 생긴 파드도 닫혀 있어요',
      en: 'Every other call is stopped, and pods that are new are shut',
    },
    hints: [
      {
        ko: '지나가면 안 되는 요청을 하나 찾아 kubehop trace로 따라가요. 통과시킨 규칙의 설명에 정책의 이름이 있어요.',
        en: 'Find a call that should not pass and follow it with kubehop trace: the comment of the rule that passed it holds the name of a policy.',
      },
      {
        ko: '남아 있을 까닭이 없는 정책이 있는지, 정책마다 누가 왜 쓰는지 물어봐요.',
        en: 'Ask of each policy who needs it and why. Is one left that nobody needs?',
      },
      {
        ko: '막는 정책을 더해도 열린 것은 닫히지 않아요. 여는 정책을 좁히거나 없애요.',
        en: 'Another policy that denies shuts nothing that is open: narrow or remove the one that opens.',
      },
    ],
    async probe(world) {
      const { customer, intern, web, api, db } = placesOf(world)
      const outcome = await callsDropped(
        { from: customer, ...api },
        { from: customer, ...db },
        { from: intern, ...db },
        { from: web.to, ...db },
        { from: db.to, ...api },
        { from: db.to, to: customer, port: 8080 },
        { from: api.to, to: customer, port: 8080 },
      )(world)
      return outcome.state === 'fail' ? outcome : newcomerShut(world)
    },
  },
])
