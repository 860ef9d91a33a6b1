import { type Pod, pod } from '#simulator/cluster/kinds/pod.ts'
import { type Check, defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, isReady, requestsLike, webAnswers } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const podOf = ({ client }: World, app: string): Pod | undefined =>
  client.list(pod, { namespace: 'default', labels: { app } }).find(isReady)

/** The node that has the narrow place: the bridge is passed on arrival, the others when setting out. */
function narrowNode({ parameters: { home, where } }: World): string {
  const far = home === 'node1' ? 'node2' : 'node1'
  return (where === 'cni0' ? far : home)!
}

/** The server and its two clients are where they were. */
const inTheirPlaces: Check['probe'] = world => {
  const { house, home } = world.parameters
  const [server, desk, reader] = [house!, 'desk', 'reader'].map(app => podOf(world, app)?.spec.nodeName)
  return server === home && desk === home && reader !== undefined && reader !== home
    ? pass()
    : fail(
        {
          ko: `${house}와 desk는 ${home} 노드에, reader는 다른 노드에 있어야 해요.`,
          en: `${house} and desk have to be on ${home}, and reader on the other node.`,
        },
        `${house}: ${server}, desk: ${desk}, reader: ${reader}`,
      )
}

/** A client gets every byte of the long page. */
function getsAll(client: string): Check['probe'] {
  return async world => {
    const curl = `curl -sS -m 5 -o /dev/null -w '%{size_download}' http://${world.parameters['house']}/all`
    const { stdout, stderr, status } = await world.run(`kubectl exec -n default deploy/${client} -- ${curl}`, 20_000)
    return status === 0 && Number(stdout) > 100_000
      ? pass(`${stdout} bytes`)
      : fail(
          { ko: `${client}가 /all을 끝까지 받지 못해요.`, en: `${client} does not get all of /all.` },
          stderr.split('\n')[0],
        )
  }
}

export default defineChecks([
  {
    id: 'length',
    points: 1,
    title: {
      ko: '답이 가는 방향으로 짧은 것은 가고 긴 것은 사라지는 것을 봤어요',
      en: 'You have seen, in the direction of the answers, short packets pass and long ones vanish',
    },
    hints: [
      {
        ko: 'reader의 파드 주소로, desk 안에서 보내요.',
        en: 'Send from inside desk to the pod address of reader.',
      },
      {
        ko: '쪼개지 말라는 표시가 없으면 긴 것은 조각으로 나뉘어 지나가요. 1422보다 길면 desk 자신이 보내지 않아요.',
        en: 'Without the mark not to cut, long packets pass in pieces. Beyond 1422 desk itself does not send them.',
      },
    ],
    probe(world) {
      const address = podOf(world, 'reader')?.status.podIP
      const pings = requestsLike(world, { protocol: 'icmp', from: 'default/desk-' }).filter(
        ({ toAddress }) => toAddress === address,
      )
      const came = pings.filter(({ verdict }) => verdict === 'answered').length
      return came > 0 && came < pings.length
        ? pass(`${came}/${pings.length}`)
        : fail(
            {
              ko: 'desk에서 reader로 보낸 ping 가운데 답이 온 것과 사라진 것이 다 있어야 해요.',
              en: 'Among the pings from desk to reader there have to be some that were answered and some that vanished.',
            },
            `${came}/${pings.length}`,
          )
    },
  },
  {
    id: 'without-widening',
    points: 1,
    title: {
      ko: '좁은 길에서도 긴 답이 오게 하는 것을 알아요',
      en: 'You know what lets long answers come over a narrow way',
    },
    hints: [
      {
        ko: '보내는 TCP가 길이를 줄이려면 무엇을 알아야 하나요? 누가 알려 주나요?',
        en: 'What does the sending TCP need to know to send shorter packets? Who tells it?',
      },
    ],
    probe: answeredRightly('without-widening', 'icmp'),
  },
  {
    id: 'narrow',
    points: 2,
    title: {
      ko: 'narrow.txt에 노드와 좁은 곳이 적혀 있어요',
      en: 'narrow.txt names the node and what is narrow there',
    },
    hints: [
      {
        ko: '답이 지나는 순서대로 봐요. 서버의 노드에서 나가는 라우트와 장치, 다음에 reader의 노드에서 파드로 가는 장치예요.',
        en: 'Go in the order of an answer: route and device that leave the node of the server, then the device towards the pod on the node of reader.',
      },
      {
        ko: '두 노드에서 같은 이름의 장치와 라우트를 나란히 놓아요. mtu라는 말 뒤의 수가 다른 곳이 있어요.',
        en: 'Put the devices and routes of both nodes side by side. Somewhere the number after the word mtu differs.',
      },
    ],
    async probe(world) {
      const { stdout, status } = await world.run('cat narrow.txt')
      if (status !== 0) return fail({ ko: '아직 그런 파일이 없어요.', en: 'There is no such file yet.' })
      const [node, place] = stdout.trim().split(/\s+/)
      if (node !== narrowNode(world))
        return fail(
          { ko: '긴 패킷을 버리는 노드가 아니에요.', en: 'That is not the node that drops long packets.' },
          node,
        )
      return place === world.parameters['where']
        ? pass(stdout.trim())
        : fail({ ko: '노드는 맞지만 그곳은 좁지 않아요.', en: 'The node is right, but that is not narrow.' }, place)
    },
  },
  {
    id: 'repair',
    points: 3,
    title: { ko: 'reader가 /all을 끝까지 받아요', en: 'reader gets all of /all' },
    hints: [
      {
        ko: '좁은 곳을 넓히거나, 좁다는 소식이 돌아가게 해요.',
        en: 'Widen the narrow place, or let the message about it get back.',
      },
      {
        ko: '그 소식은 버린 노드가 스스로 만들어 내보내요. 그런 패킷은 어느 체인을 지나나요?',
        en: 'The node that drops a packet makes that message itself. Which chain do such packets pass?',
      },
    ],
    probe: allOf(inTheirPlaces, getsAll('reader')),
  },
  {
    id: 'others',
    points: 1,
    needs: ['repair'],
    title: { ko: '멀쩡하던 것들은 그대로예요', en: 'What was well is as it was' },
    hints: [
      {
        ko: 'desk에서 /all을, reader에서 bell을, 그리고 두 파드 사이의 짧은 ping을 봐요.',
        en: 'Try /all from desk, bell from reader, and a short ping between the two.',
      },
    ],
    probe: allOf(
      getsAll('desk'),
      webAnswers(
        { namespace: 'default', from: 'deploy/reader', url: 'http://bell', contains: 'ding' },
        { ko: 'bell 서비스가 더는 답하지 않아요.', en: 'The Service bell does not answer any more.' },
      ),
      async world => {
        const address = podOf(world, 'reader')?.status.podIP
        const { status } = await world.run(
          `kubectl exec -n default deploy/desk -- ping -c 1 -W 1 ${address ?? ''}`,
          10_000,
        )
        return status === 0
          ? pass()
          : fail({
              ko: 'desk에서 reader로 가는 짧은 ping이 막혔어요.',
              en: 'A short ping from desk to reader does not pass any more.',
            })
      },
    ),
  },
])
