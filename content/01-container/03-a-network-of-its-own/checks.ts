import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, podReady, requestsLike } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const addressOf = ({ client }: World, name: string) => client.get(pod, name, 'default')?.status.podIP

/** The node's end of a pod's cable, by the number that the pod's end names. */
async function cableOf(world: World, name: string): Promise<string | undefined> {
  const { stdout: link } = await world.run(`kubectl exec ${name} -- ip -o link show eth0`)
  const index = /@if(\d+):/.exec(link)?.[1]
  const { stdout: links } = await world.run('ssh node1 ip -o link')
  return links
    .split('\n')
    .find(line => line.startsWith(`${index}: `))
    ?.split(/[ @]/)[1]
}

export default defineChecks([
  {
    id: 'pods-run',
    points: 1,
    title: { ko: 'red, blue, green 파드가 준비됐어요', en: 'The pods red, blue and green are ready' },
    hints: [{ ko: '작업 폴더에 어떤 파일이 있는지 봐요.', en: 'Look at the files in the working directory.' }],
    probe: allOf(podReady('red'), podReady('blue'), podReady('green')),
  },
  {
    id: 'cable',
    points: 2,
    needs: ['pods-run'],
    title: {
      ko: 'red-cable.txt에 red의 선이 적혀 있어요',
      en: 'red-cable.txt names the cable of red',
    },
    hints: [
      {
        ko: '파드 안에서 본 eth0@if 뒤의 숫자가 노드에서의 번호예요.',
        en: 'The number after eth0@if, as seen in the pod, is the number on the node.',
      },
      {
        ko: '이름에서 @ 뒤는 빼고 적어요.',
        en: 'Write the name without what comes after the @.',
      },
    ],
    async probe(world) {
      const { stdout, status } = await world.run('cat red-cable.txt')
      if (status !== 0)
        return fail({ ko: 'red-cable.txt 파일이 아직 없어요.', en: 'There is no file red-cable.txt yet.' })
      const named = stdout.trim()
      if (named === (await cableOf(world, 'red'))) return pass(named)
      for (const other of ['blue', 'green'])
        if (named === (await cableOf(world, other)))
          return fail({ ko: `그것은 ${other}의 선이에요.`, en: `That is the cable of ${other}.` }, named)
      return fail({ ko: '노드에 그런 선이 없어요.', en: 'There is no such cable on the node.' }, named)
    },
  },
  {
    id: 'pulled',
    points: 1,
    needs: ['pods-run'],
    title: {
      ko: '선이 없을 때 red에서 blue로 보낸 ping은 답이 없었어요',
      en: 'Without its cable, a ping from red to blue got no answer',
    },
    hints: [
      { ko: '선은 노드에서 내려요. 파드 안이 아니에요.', en: 'The cable is set down on the node, not in the pod.' },
      { ko: '내린 다음에 ping을 보내 봐요.', en: 'Send a ping once it is down.' },
    ],
    probe(world) {
      const toAddress = addressOf(world, 'blue')
      const pings = requestsLike(world, { protocol: 'icmp', from: 'default/red', ...(toAddress && { toAddress }) })
      const lost = pings.find(({ verdict }) => verdict !== 'answered')
      if (lost) return pass(`${lost.fromAddress} → ${lost.toAddress}`)
      return pings.length === 0
        ? fail({ ko: 'red에서 blue로 보낸 ping이 아직 없어요.', en: 'No ping from red to blue has been seen yet.' })
        : fail({ ko: 'red에서 보낸 ping이 모두 답을 받았어요.', en: 'Every ping from red has been answered.' })
    },
  },
  {
    id: 'plugged',
    points: 1,
    needs: ['pulled'],
    title: { ko: '다시 꽂자 blue가 답했어요', en: 'Plugged in again, blue answered' },
    hints: [{ ko: '내린 것과 같은 선을 올려요.', en: 'Set the same cable up again.' }],
    probe(world) {
      const toAddress = addressOf(world, 'blue')
      const pings = requestsLike(world, { protocol: 'icmp', from: 'default/red', ...(toAddress && { toAddress }) })
      const lost = pings.findIndex(({ verdict }) => verdict !== 'answered')
      return pings.slice(lost).some(({ verdict }) => verdict === 'answered')
        ? pass()
        : fail({
            ko: '그 뒤로 red에서 blue로 보낸 ping이 아직 답을 받지 못했어요.',
            en: 'Since then no ping from red to blue has been answered.',
          })
    },
  },
  {
    id: 'what-is-cable',
    points: 1,
    needs: ['cable'],
    title: { ko: '두 인터페이스가 어떤 사이인지 알아요', en: 'You know what the two interfaces are to each other' },
    hints: [
      {
        ko: '한쪽을 내리자 다른 쪽에서 무슨 일이 생겼나요?',
        en: 'When one was set down, what happened at the other?',
      },
    ],
    probe: answeredRightly('what-is-cable', 'two-ends'),
  },
  {
    id: 'repair',
    points: 3,
    needs: ['pods-run'],
    title: { ko: '고치기: 세 파드가 서로 통해요', en: 'Repair: all three pods reach each other' },
    hints: [
      {
        ko: '파드마다 안에서 인터페이스의 상태를 봐요. 하나가 달라요.',
        en: 'Look at the state of the interfaces inside each pod. One differs.',
      },
      {
        ko: '선이 없는 파드의 eth0에는 NO-CARRIER라는 말이 붙어요.',
        en: 'The eth0 of a pod without a cable says NO-CARRIER.',
      },
      {
        ko: '그 파드의 @if 번호로 노드의 끝을 찾아요.',
        en: "With that pod's @if number, find the end on the node.",
      },
    ],
    async probe(world) {
      const { status } = await world.run('test -f /tmp/pulled')
      if (status !== 0) return fail({ ko: 'pull.sh를 아직 실행하지 않았어요.', en: 'pull.sh has not been run yet.' })
      for (const [from, to] of [
        ['red', 'blue'],
        ['blue', 'green'],
        ['green', 'red'],
      ] as const) {
        const { status } = await world.run(`kubectl exec ${from} -- ping -c 1 -W 1 ${addressOf(world, to)}`, 10_000)
        if (status !== 0)
          return fail(
            { ko: '아직 서로 통하지 않는 파드가 있어요.', en: 'There are pods that do not reach each other yet.' },
            `${from} → ${to}`,
          )
      }
      return pass()
    },
  },
])
