import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { answeredRightly, podReady } from '#simulator/grading/probes.ts'

export default defineChecks([
  {
    id: 'who-speaks',
    points: 1,
    title: { ko: '누가 무엇을 말하는지 알아요', en: 'You know who says what' },
    hints: [{ ko: 'Events의 From 칸을 봐요.', en: 'Look at the column From of Events.' }],
    probe: answeredRightly('who-speaks', 'scheduler'),
  },
  {
    id: 'typo',
    points: 2,
    title: { ko: 'typo 파드가 실행돼요', en: 'The pod typo runs' },
    hints: [
      {
        ko: '이벤트에 받지 못한 이미지의 이름이 있어요. 한 글자씩 읽어요.',
        en: 'The event names the image that could not be pulled. Read it letter by letter.',
      },
      {
        ko: '파드의 이미지는 떠 있는 채로 바꿀 수 있는 몇 안 되는 필드예요.',
        en: 'The image is one of the few fields of a pod that can be changed in place.',
      },
    ],
    probe: podReady('typo'),
  },
  {
    id: 'greeter',
    points: 2,
    title: { ko: 'greeter 파드가 인사하고 계속 실행돼요', en: 'The pod greeter greets and keeps running' },
    hints: [
      {
        ko: '로그에 찾지 못한 파일의 경로가 있어요.',
        en: 'The log names the path of the file that was not found.',
      },
      {
        ko: '그 경로를 매니페스트의 mountPath와 비교해요.',
        en: 'Compare that path with mountPath in the manifest.',
      },
    ],
    async probe(world) {
      const ready = await podReady('greeter')(world)
      if (ready.state === 'fail') return ready
      const { stdout } = await world.run('kubectl logs greeter')
      return stdout.includes('good evening')
        ? pass('good evening')
        : fail(
            { ko: '실행되지만 인사하지 않아요.', en: 'It runs, but it does not greet.' },
            stdout.trim() || 'an empty log',
          )
    },
  },
  {
    id: 'picky',
    points: 2,
    title: { ko: 'picky 파드가 노드를 얻어 실행돼요', en: 'The pod picky has a node and runs' },
    hints: [
      {
        ko: '스케줄러의 말을 파드의 nodeSelector와 비교해요.',
        en: "Compare what the scheduler says with the pod's nodeSelector.",
      },
      {
        ko: '노드의 레이블을 보고, 어느 쪽을 바꿀지 정해요.',
        en: 'Look at the labels of the nodes, and decide which side to change.',
      },
    ],
    async probe(world) {
      const ready = await podReady('picky')(world)
      return ready.state === 'pass' ? pass(world.client.get(pod, 'picky', 'default')?.spec.nodeName) : ready
    },
  },
])
