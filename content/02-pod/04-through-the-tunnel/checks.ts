import { node } from '#simulator/cluster/kinds/node.ts'
import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, type Outcome, pass } from '#simulator/grading/check.ts'
import { answeredRightly, requestSeen } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

const addressOf = ({ client }: World, name: string) => client.get(pod, name, 'default')?.status.podIP

const lanAddressOf = ({ client }: World, name: string) =>
  client.get(node, name)?.status.addresses?.find(({ type }) => type === 'InternalIP')?.address

/** The Ethernet address of an interface on a machine. */
async function macOf(world: World, machine: string, link: string): Promise<string | undefined> {
  const { stdout } = await world.run(`ssh ${machine} ip link show ${link}`)
  return /link\/ether (\S+)/.exec(stdout)?.[1]
}

/** Judges one word of envelope.txt: `place` counts from 0. */
async function judge(
  world: World,
  place: number,
  decide: (word: string) => Promise<Outcome> | Outcome,
): Promise<Outcome> {
  const { stdout, status } = await world.run('cat envelope.txt')
  if (status !== 0) return fail({ ko: 'envelope.txt 파일이 아직 없어요.', en: 'There is no file envelope.txt yet.' })
  const word = stdout.trim().split(/\s+/)[place]
  if (!word)
    return fail(
      {
        ko: 'envelope.txt의 한 줄에 IP, MAC 주소, 크기가 이 순서로 있어야 해요.',
        en: 'envelope.txt has to hold an IP, a MAC address and a size on one line, in this order.',
      },
      stdout.trim(),
    )
  return decide(word)
}

export default defineChecks([
  {
    id: 'crossed',
    points: 1,
    title: { ko: 'client의 패킷이 web까지 갔다 왔어요', en: 'A packet of client has been to web and back' },
    hints: [
      {
        ko: 'client 파드 안에서 web의 IP로 ping을 보내요.',
        en: 'From inside the pod client, ping the IP of web.',
      },
    ],
    probe: requestSeen(
      { from: 'default/client', toAddress: world => addressOf(world, 'web'), verdict: 'answered' },
      {
        ko: 'client에서 web으로 보낸 패킷이 아직 답을 받지 못했어요.',
        en: 'No packet from client to web has been answered yet.',
      },
    ),
  },
  {
    id: 'two-routers',
    points: 1,
    title: { ko: '누가 ttl을 줄였는지 알아요', en: 'You know who lowered the ttl' },
    hints: [
      {
        ko: 'trace에서 ttl이 줄었다고 적힌 곳을 세어 봐요. 어디에서 그랬나요?',
        en: 'Count the stops at which trace says that the ttl falls. Where are they?',
      },
    ],
    probe: answeredRightly('two-routers', 'nodes', {
      ko: 'trace에서 ttl이 줄어든 줄마다 맨 앞에 누가 적혀 있는지 봐요.',
      en: 'See who stands first on each line of trace at which the ttl falls.',
    }),
  },
  {
    id: 'outside',
    points: 2,
    title: {
      ko: 'envelope.txt: island로 가는 봉투의 받는 쪽 IP',
      en: 'envelope.txt: the receiver’s IP on the envelope to island',
    },
    hints: [
      {
        ko: '봉투는 파드가 아니라 노드에게 가요. island는 어느 노드에 있나요?',
        en: 'The envelope goes to a node, not to a pod. On which node is island?',
      },
    ],
    probe: world =>
      judge(world, 0, word => {
        const place = world.client.get(pod, 'island', 'default')?.spec.nodeName ?? ''
        if (word === lanAddressOf(world, place)) return pass(word)
        if (word === addressOf(world, 'island'))
          return fail(
            {
              ko: '그것은 island 파드의 주소예요. 봉투 안에 적혀 있어요.',
              en: 'That is the address of the pod island. It is inside the envelope.',
            },
            word,
          )
        return fail(
          { ko: '그 주소로 가는 봉투에는 island의 패킷이 없어요.', en: 'No envelope to that address holds it.' },
          word,
        )
      }),
  },
  {
    id: 'inside',
    points: 2,
    title: {
      ko: 'envelope.txt: 속에 든 프레임의 받는 쪽 MAC 주소',
      en: 'envelope.txt: the receiver’s MAC address of the frame inside',
    },
    hints: [
      {
        ko: '속에 든 프레임은 flannel.1에서 flannel.1로 가요. node1의 두 표에서 island가 있는 노드의 줄을 찾아요.',
        en: 'The frame inside goes from flannel.1 to flannel.1. Find the lines about the node of island in the two tables of node1.',
      },
      {
        ko: 'eth0에서 붙잡았다면 MAC 주소가 네 개 보여요. 둘은 봉투의 것이에요.',
        en: 'Caught at eth0, there are four MAC addresses. Two of them belong to the envelope.',
      },
    ],
    probe: world =>
      judge(world, 1, async word => {
        const place = world.client.get(pod, 'island', 'default')?.spec.nodeName ?? ''
        const named = word.toLowerCase()
        if (named === (await macOf(world, place, 'flannel.1'))) return pass(named)
        if (named === (await macOf(world, place, 'eth0')))
          return fail(
            {
              ko: `그것은 ${place}에 있는 eth0의 주소예요. 봉투 겉에 적혀 있어요.`,
              en: `That is eth0 of ${place}. It is on the outside of the envelope.`,
            },
            named,
          )
        if (named === (await macOf(world, 'node1', 'flannel.1')))
          return fail(
            {
              ko: '그것은 보내는 쪽인 node1의 flannel.1이에요.',
              en: 'That is flannel.1 of node1, which sends.',
            },
            named,
          )
        return fail(
          {
            ko: 'island가 있는 노드의 터널 끝은 그 주소를 쓰지 않아요.',
            en: 'The end of the tunnel on the node of island has another address.',
          },
          named,
        )
      }),
  },
  {
    id: 'largest',
    points: 2,
    title: {
      ko: 'envelope.txt: 쪼개지 않고 보낼 수 있는 가장 큰 -s',
      en: 'envelope.txt: the largest -s that goes through in one piece',
    },
    hints: [
      {
        ko: '오류에 적힌 mtu는 IP 패킷 전체의 길이예요. -s는 그 가운데 무엇을 뺀 크기인가요?',
        en: 'The mtu of the error is the length of the whole IP packet. What of it does -s not count?',
      },
      {
        ko: '하나 더 큰 값은 막히고 그 값은 통하는지 직접 보내 봐요.',
        en: 'Send it: that size has to go through, and one more has to be stopped.',
      },
    ],
    probe: world =>
      judge(world, 2, async word => {
        if (!/^\d+$/.test(word)) return fail({ ko: '크기는 숫자로 적어요.', en: 'The size is a number.' }, word)
        const goesThrough = async (size: number) => {
          const ping = `ping -c 1 -W 1 -M do -s ${size} ${addressOf(world, 'island')}`
          return (await world.run(`kubectl exec client -- ${ping}`, 8_000)).status === 0
        }
        if (!(await goesThrough(Number(word))))
          return fail({ ko: '그 크기는 파드의 MTU에 막혀요.', en: 'The MTU of the pod stops that size.' }, word)
        if (await goesThrough(Number(word) + 1))
          return fail({ ko: '더 큰 것도 통해요.', en: 'Larger ones go through as well.' }, word)
        return pass(word)
      }),
  },
])
