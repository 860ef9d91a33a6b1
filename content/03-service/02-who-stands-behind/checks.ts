import { endpointSlice } from '#simulator/cluster/kinds/endpointSlice.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, podReady, requestSeen, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const behind = ({ client }: World) =>
  client
    .list(endpointSlice, { namespace: 'default', labels: { 'kubernetes.io/service-name': 'pod-service' } })
    .flatMap(slice => slice.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .map(({ targetRef }) => targetRef?.name ?? '')
    .sort()

export default defineChecks([
  {
    id: 'pods-run',
    points: 1,
    title: { ko: 'pod-a와 pod-b가 실제 이미지로 실행돼요', en: 'pod-a and pod-b run with real images' },
    hints: [
      {
        ko: '이벤트에서 어떤 이미지를 받지 못했는지 봐요.',
        en: 'See in the events which image could not be pulled.',
      },
    ],
    probe: allOf(podReady('pod-a'), podReady('pod-b')),
  },
  {
    id: 'refused',
    points: 1,
    needs: ['pods-run'],
    title: {
      ko: '안내서대로 적용하고 pod-b에서 pod-service를 불러 봤어요',
      en: 'You did as the guide says and called pod-service from pod-b',
    },
    hints: [
      {
        ko: '레이블을 달기 전에 이름으로 한 번 불러 봐요.',
        en: 'Call it by name once, before giving the label.',
      },
    ],
    probe: requestSeen(
      {
        protocol: 'tcp',
        from: 'default/pod-b',
        toAddress: ({ client }) => client.get(service, 'pod-service', 'default')?.spec.clusterIP,
        toPort: 80,
        verdict: ['refused', 'rejected'],
      },
      {
        ko: '레이블을 달기 전에 pod-b에서 pod-service를 부른 요청이 아직 없어요.',
        en: 'pod-b has not called pod-service yet without the label.',
      },
    ),
  },
  {
    id: 'why-empty',
    points: 1,
    title: { ko: '명단이 왜 비었는지 알아요', en: 'You know why the list was empty' },
    hints: [
      {
        ko: '서비스의 Selector와 파드의 레이블을 비교해요.',
        en: "Compare the Service's selector with the labels of the pods.",
      },
    ],
    probe: answeredRightly('why-empty', 'label'),
  },
  {
    id: 'answered',
    points: 1,
    title: { ko: 'pod-b에서 pod-service가 답해요', en: 'From pod-b, pod-service answers' },
    hints: [
      {
        ko: '셀렉터에 맞는 레이블을 단 파드가 하나는 있어야 해요.',
        en: 'At least one pod has to carry the label that the selector asks for.',
      },
    ],
    probe: webAnswers({ from: 'pod-b', url: 'http://pod-service', contains: 'Hello, world!' }),
  },
  {
    id: 'alone',
    points: 3,
    needs: ['answered'],
    title: {
      ko: 'pod-a는 살아 있고, 서비스 뒤에는 새 파드 셋만 있어요',
      en: 'pod-a lives, and only the three new pods stand behind the Service',
    },
    hints: [
      {
        ko: '답한 파드의 이름을 세어 봐요. 새 파드 가운데 한 번도 답하지 않은 파드가 있나요?',
        en: 'Count the names that answered. Is there a new pod that never did?',
      },
      {
        ko: '서비스가 무엇을 보고 파드를 고르는지 떠올리고, 파드마다 나란히 봐요.',
        en: 'Remember by what the Service chooses its pods, and compare that pod by pod.',
      },
      {
        ko: '레이블은 달 수도 있고 뗄 수도 있어요. 값을 바꿀 수도 있어요.',
        en: 'A label can be given, taken away, or get another value.',
      },
    ],
    async probe(world) {
      const wanted = ['web-1', 'web-3', `web-${world.parameters['number']}`].sort()
      const alive = await allOf(podReady('pod-a'), ...wanted.map(name => podReady(name)))(world)
      if (alive.state === 'fail') return alive
      const selector = world.client.get(service, 'pod-service', 'default')?.spec.selector ?? {}
      if (JSON.stringify(selector) !== '{"app":"web-app"}')
        return fail(
          { ko: '서비스의 셀렉터는 그대로 둬요.', en: 'Leave the selector of the Service as it is.' },
          JSON.stringify(selector),
        )
      const names = behind(world)
      if (wanted.some(name => !names.includes(name)))
        return fail(
          {
            ko: '서비스 뒤의 명단에 아직 없는 새 파드가 있어요. 셀렉터와 레이블이 달라요.',
            en: 'A new pod is missing from the list behind the Service: its label is not what the selector asks for.',
          },
          names.join(', '),
        )
      if (names.length > wanted.length)
        return fail(
          {
            ko: '서비스 뒤의 명단에 새 파드가 아닌 파드도 있어요. 셀렉터에 맞는 레이블을 아직 달고 있어요.',
            en: 'A pod that is not new is on the list behind the Service too: it carries the label that the selector asks for.',
          },
          names.join(', '),
        )
      return webAnswers({ from: 'pod-b', url: 'http://pod-service', contains: 'Version: 2.0.0' })(world)
    },
  },
])
