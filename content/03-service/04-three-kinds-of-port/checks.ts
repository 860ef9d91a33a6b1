import { endpointSlice } from '#simulator/cluster/kinds/endpointSlice.ts'
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
        ko: '서비스가 요청을 어느 주소의 몇 번 포트로 보내려 하는지 엔드포인트에서 봐요. 번호가 아예 없을 수도 있어요.',
        en: 'See in the endpoints to which address and port the Service wants to send. There may be no port at all.',
      },
      {
        ko: '그 번호나 이름이 어디에서 왔는지 찾고, 프로세스가 실제로 듣는 포트를 로그나 args에서 확인해요.',
        en: 'Find where that number or name comes from, and see in the log or in args where the process really listens.',
      },
      {
        ko: '파드 쪽을 고칠 수도 있고, 서비스 쪽을 고칠 수도 있어요. 떠 있는 파드의 containerPort는 바꿀 수 없으니 파드를 새로 만들어야 해요.',
        en: 'You may mend the pod, or the Service. The containerPort of a running pod cannot be changed; that pod has to be made anew.',
      },
    ],
    async probe(world) {
      const found = await webAnswers({ from: 'client', url: 'http://cafe', contains: 'coffee' })(world)
      if (found.state !== 'fail') return found
      const slices = world.client.list(endpointSlice, {
        namespace: 'default',
        labels: { 'kubernetes.io/service-name': 'cafe' },
      })
      const places = slices.flatMap(({ endpoints, ports }) =>
        (endpoints ?? []).flatMap(({ addresses }) =>
          addresses.map(address => [address, ...(ports ?? []).map(({ port }) => port)].join(':')),
        ),
      )
      const words =
        places.length === 0
          ? { ko: '서비스 cafe 뒤에 파드가 없어요.', en: 'No pod stands behind the Service cafe.' }
          : slices.every(({ ports }) => !ports?.length)
            ? {
                ko: '엔드포인트에 포트 번호가 없어요. 서비스가 찾는 이름이 파드의 포트에 없어요.',
                en: 'The endpoint has no port: no port of the pod has the name that the Service looks for.',
              }
            : {
                ko: '기다린 답이 오지 않았어요. 엔드포인트의 포트와 프로세스가 듣는 포트를 비교해요.',
                en: 'The answer did not come. Compare the port of the endpoint with the one on which the process listens.',
              }
      return fail(words, `${portsText(world, 'cafe')}; ${places.join(', ')}`)
    },
  },
])
