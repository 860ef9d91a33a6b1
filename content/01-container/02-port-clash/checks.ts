import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, podReady, waitingText } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

/** What a port of the pod `menu` answers to the workstation's node. */
const asked = async (world: World, port: number) => {
  const address = world.client.get(pod, 'menu', 'default')?.status.podIP
  return address ? world.run(`ssh node1 curl -sS -m 3 http://${address}:${port}`, 10_000) : undefined
}

export default defineChecks([
  {
    id: 'clash',
    points: 1,
    title: {
      ko: 'clash 파드에서 한 컨테이너가 거듭 쓰러져요',
      en: 'In the pod clash a container falls over again and again',
    },
    hints: [
      {
        ko: '파드를 띄운 뒤에 잠시 기다려요. 웹 서버는 몇 번 다시 해 보고 나서 포기해요.',
        en: 'Wait a little after starting the pod: the web server tries a few times before it gives up.',
      },
    ],
    probe({ client }) {
      const found = client.get(pod, 'clash', 'default')
      if (!found) return fail({ ko: 'clash 파드가 아직 없어요.', en: 'There is no pod clash yet.' })
      const restarts = found.status.containerStatuses?.map(({ restartCount }) => restartCount) ?? []
      return Math.max(0, ...restarts) > 0
        ? pass(waitingText(found))
        : fail(
            { ko: '아직 아무 컨테이너도 쓰러지지 않았어요.', en: 'No container has fallen over yet.' },
            waitingText(found),
          )
    },
  },
  {
    id: 'who-refused',
    points: 1,
    needs: ['clash'],
    title: { ko: '누가 포트를 내주지 않았는지 알아요', en: 'You know who refused the port' },
    hints: [
      {
        ko: '로그에서 bind라는 말이 있는 줄을 찾아요. 프로세스는 포트를 누구에게 달라고 하나요?',
        en: 'Find the line of the log that says bind. Whom does a process ask for a port?',
      },
    ],
    probe: answeredRightly('who-refused', 'kernel', {
      ko: '포트는 요청이 지나가는 곳이 아니라 프로세스가 실행되는 곳에서 나눠 줘요.',
      en: 'Ports are given out where the process runs, not where requests pass.',
    }),
  },
  {
    id: 'apart',
    points: 1,
    title: { ko: 'blue와 green 파드가 둘 다 준비됐어요', en: 'The pods blue and green are both ready' },
    hints: [{ ko: '같은 포트라도 파드가 다르면 어떤가요?', en: 'What about the same port in another pod?' }],
    probe: allOf(podReady('blue'), podReady('green')),
  },
  {
    id: 'repair',
    points: 3,
    title: {
      ko: '고치기: menu의 8080번은 soup, 8081번은 salad가 답해요',
      en: 'Repair: in menu, soup answers on 8080 and salad on 8081',
    },
    hints: [
      {
        ko: '쓰러진 컨테이너의 로그에서 어느 포트를 열려고 했는지 봐요.',
        en: 'See in the log of the fallen container which port it tried to open.',
      },
      {
        ko: '두 컨테이너의 args를 나란히 놓고 비교해요.',
        en: 'Put the args of the two containers side by side.',
      },
      {
        ko: '떠 있는 파드의 args는 바꿀 수 없어요. 파드를 다시 만들어야 해요.',
        en: 'The args of a running pod cannot be changed: the pod has to be made anew.',
      },
    ],
    async probe(world) {
      const found = world.client.get(pod, 'menu', 'default')
      if (!found) return fail({ ko: 'menu 파드가 없어요.', en: 'There is no pod menu.' })
      if (found.spec.containers.length !== 2)
        return fail(
          { ko: '두 컨테이너가 모두 menu 파드에 있어야 해요.', en: 'Both containers have to be in the pod menu.' },
          found.spec.containers.map(({ name }) => name).join(', '),
        )
      const ready = await podReady('menu')(world)
      if (ready.state === 'fail') return ready
      for (const [port, text] of [
        [8080, 'soup of the day'],
        [8081, 'green salad'],
      ] as const) {
        const answer = await asked(world, port)
        if (answer?.stdout.trim() !== text)
          return fail(
            { ko: `${port}번 포트의 답이 달라요.`, en: `Port ${port} gives another answer.` },
            answer?.stdout.trim() || answer?.stderr.trim(),
          )
      }
      return pass()
    },
  },
])
