import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, podReady, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const portsText = ({ client }: World, name: string) =>
  client
    .get(service, name, 'default')
    ?.spec.ports?.map(({ port, targetPort }) => `${port} → ${targetPort ?? port}`)
    .join(', ')

export default defineChecks([
  {
    id: 'shop-answers',
    points: 1,
    title: { ko: 'client에서 http://shop 이 답해요', en: 'From client, http://shop answers' },
    hints: [
      { ko: '파드 둘과 서비스 하나를 적용해요.', en: 'Apply two pods and a Service.' },
      {
        ko: '서비스를 고친 뒤라면 80번이 아직 8080번이나 http로 이어지는지 봐요.',
        en: 'If you have changed the Service, see whether 80 still leads to 8080 or http.',
      },
    ],
    probe: allOf(
      podReady('shop'),
      podReady('client'),
      webAnswers({ from: 'client', url: 'http://shop', contains: 'open' }),
    ),
  },
  {
    id: 'whose-port',
    points: 1,
    title: { ko: 'targetPort가 누구의 포트인지 알아요', en: 'You know whose port targetPort is' },
    hints: [
      {
        ko: '규칙의 --to-destination 뒤에 있는 주소는 누구의 것인가요?',
        en: 'Whose address stands after --to-destination in the rule?',
      },
    ],
    probe: answeredRightly('whose-port', 'pod'),
  },
  {
    id: 'second-door',
    points: 2,
    needs: ['shop-answers'],
    title: {
      ko: '서비스 shop의 9100번이 이름 sales로 이어져요',
      en: 'Port 9100 of the Service shop leads to the name sales',
    },
    hints: [
      {
        ko: '포트 목록에 항목을 하나 더해요. 두 항목 모두 name이 있어야 해요.',
        en: 'Add an entry to the list of ports. Both entries need a name.',
      },
      {
        ko: 'targetPort에는 번호 대신 컨테이너 포트의 이름을 써요.',
        en: "In targetPort write the container port's name instead of a number.",
      },
    ],
    async probe(world) {
      const ports = world.client.get(service, 'shop', 'default')?.spec.ports ?? []
      const door = ports.find(({ port }) => port === 9100)
      if (!door)
        return fail(
          { ko: '서비스 shop에 9100번이 아직 없어요.', en: 'The Service shop has no port 9100 yet.' },
          portsText(world, 'shop'),
        )
      if (door.targetPort !== 'sales' || ports.find(({ port }) => port === 80)?.targetPort !== 'http')
        return fail(
          {
            ko: '두 문 모두 번호가 아니라 이름으로 이어야 해요.',
            en: 'Both doors have to lead to names, not numbers.',
          },
          portsText(world, 'shop'),
        )
      return webAnswers({ from: 'client', url: 'http://shop:9100', contains: '42 sold' })(world)
    },
  },
  {
    id: 'repair',
    points: 3,
    needs: ['shop-answers'],
    title: { ko: '고치기: client에서 http://cafe 가 답해요', en: 'Repair: from client, http://cafe answers' },
    hints: [
      {
        ko: '엔드포인트의 포트 번호는 어디에서 왔을까요?',
        en: 'Where does the port number of the endpoint come from?',
      },
      {
        ko: '프로세스가 실제로 듣는 포트를 로그나 args에서 확인해요.',
        en: 'See in the log or in args on which port the process really listens.',
      },
      {
        ko: '파드 쪽을 고칠 수도 있고, 서비스 쪽을 고칠 수도 있어요.',
        en: 'You may mend the pod, or the Service.',
      },
    ],
    probe: webAnswers(
      { from: 'client', url: 'http://cafe', contains: 'coffee' },
      {
        ko: '엔드포인트까지는 갔지만 그 포트에 아무도 없어요.',
        en: 'The endpoint is reached, but nobody is on that port.',
      },
    ),
  },
])
