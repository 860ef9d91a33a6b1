import { endpointSlice } from '#simulator/cluster/kinds/endpointSlice.ts'
import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
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
      ko: '명단이 비었을 때 pod-service는 거절했어요',
      en: 'With an empty list, pod-service has refused',
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
        ko: 'pod-b에서 pod-service로 보냈다가 거절된 요청이 아직 없어요.',
        en: 'No request from pod-b to pod-service has been refused yet.',
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
      ko: 'pod-a는 살아 있고, 서비스 뒤에는 pod-c만 있어요',
      en: 'pod-a lives, and only pod-c stands behind the Service',
    },
    hints: [
      {
        ko: '서비스가 파드를 고르는 기준이 무엇이었는지 떠올려요.',
        en: 'Remember by what the Service chooses its pods.',
      },
      {
        ko: '레이블은 달 수도 있고 뗄 수도 있어요. 값을 바꿀 수도 있어요.',
        en: 'A label can be given, taken away, or get another value.',
      },
    ],
    async probe(world) {
      const alive = await allOf(podReady('pod-a'), podReady('pod-c'))(world)
      if (alive.state === 'fail') return alive
      const selector = world.client.get(service, 'pod-service', 'default')?.spec.selector ?? {}
      if (JSON.stringify(selector) !== '{"app":"web-app"}')
        return fail(
          { ko: '서비스의 셀렉터는 그대로 둬요.', en: 'Leave the selector of the Service as it is.' },
          JSON.stringify(selector),
        )
      const names = behind(world)
      if (names.join() !== 'pod-c')
        return fail(
          { ko: '서비스 뒤의 명단이 pod-c 하나가 아니에요.', en: 'The list is not pod-c alone.' },
          names.join(', '),
        )
      const image = world.client.get(pod, 'pod-c', 'default')?.spec.containers[0]?.image
      return pass(`pod-c (${image})`)
    },
  },
])
