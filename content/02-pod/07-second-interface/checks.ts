import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, podReady, requestSeen } from '#simulator/grading/probes.ts'
import type { World } from '#simulator/grading/world.ts'

interface Attachment {
  readonly name: string
  readonly interface?: string
  readonly ips?: readonly string[]
}

/** The address of a pod's second interface, as Multus wrote it down. */
const secondAddress = ({ client }: World, name: string): string | undefined => {
  const status = client.get(pod, name, 'default')?.metadata.annotations?.['k8s.v1.cni.cncf.io/network-status']
  if (status === undefined) return undefined
  const attachments = JSON.parse(status) as Attachment[]
  return attachments.find(each => each.interface === 'net1')?.ips?.[0]
}

/** Whether an address is one of the LAN, from one number to another. */
const isOfLan = (address: string | undefined, least: number, most: number) => {
  const last = Number(/^192\.168\.64\.(\d+)$/.exec(address ?? '')?.[1])
  return last >= least && last <= most
}

export default defineChecks([
  {
    id: 'attached',
    points: 2,
    title: { ko: 'twofold에 lan의 주소를 받은 net1이 있어요', en: 'twofold has a net1 with an address of lan' },
    hints: [
      {
        ko: '어노테이션은 파드의 metadata에 있어요. 파드가 생기는 순간에만 읽혀요.',
        en: 'The annotation belongs to the metadata of the pod. It is read only at the moment the pod comes.',
      },
      {
        ko: '어노테이션의 값과 NetworkAttachmentDefinition의 이름을 비교해요.',
        en: 'Compare the value of the annotation with the name of the NetworkAttachmentDefinition.',
      },
    ],
    probe: allOf(podReady('twofold'), async world => {
      const address = secondAddress(world, 'twofold')
      if (!address || !isOfLan(address, 200, 209))
        return fail(
          {
            ko: 'twofold의 둘째 인터페이스에 lan의 주소가 없어요.',
            en: 'twofold has no second interface with an address of lan.',
          },
          address,
        )
      const { status } = await world.run(`ping -c 1 -W 1 ${address}`)
      return status === 0
        ? pass(address)
        : fail({ ko: 'lab에서 그 주소를 불러도 답이 없어요.', en: 'lab gets no reply from it.' }, address)
    }),
  },
  {
    id: 'own-node',
    points: 1,
    needs: ['attached'],
    title: {
      ko: 'node2는 둘째 주소에 닿고 node1은 닿지 못했어요',
      en: 'node2 has reached the second address, and node1 has not',
    },
    hints: [
      {
        ko: '같은 주소를 두 노드에서 한 번씩 불러서 비교해요.',
        en: 'Call the same address from both nodes, and compare.',
      },
    ],
    probe: allOf(
      requestSeen(
        {
          protocol: 'icmp',
          from: 'node2',
          toAddress: world => secondAddress(world, 'twofold'),
          verdict: 'answered',
        },
        {
          ko: 'node2에서 둘째 주소로 보낸 ping이 아직 없어요.',
          en: 'No ping from node2 to the second address has been seen yet.',
        },
      ),
      requestSeen(
        {
          protocol: 'icmp',
          from: 'node1',
          toAddress: world => secondAddress(world, 'twofold'),
          verdict: ['unanswered', 'rejected', 'refused'],
        },
        {
          ko: 'node1에서 둘째 주소로 보낸 ping이 아직 없어요.',
          en: 'No ping from node1 to the second address has been seen yet.',
        },
      ),
    ),
  },
  {
    id: 'why-not',
    points: 1,
    title: { ko: '왜 자기 노드는 부르지 못하는지 알아요', en: 'You know why its own node cannot call it' },
    hints: [
      {
        ko: 'trace의 마지막 줄에서 node1이 무엇을 물었는지 봐요.',
        en: 'See in the last lines of the trace what node1 asked.',
      },
    ],
    probe: answeredRightly('why-not', 'no-way'),
  },
  {
    id: 'repair',
    points: 3,
    title: {
      ko: '고치기: sensor가 LAN의 둘째 주소에서 답해요',
      en: 'Repair: sensor answers at a second address on the LAN',
    },
    hints: [
      {
        ko: '파드의 이벤트에서 어느 네트워크를 어느 네임스페이스에서 찾았는지 봐요.',
        en: 'See in the events of the pod which network was looked for, and in which namespace.',
      },
      {
        ko: '모든 네임스페이스의 NetworkAttachmentDefinition과 비교해요.',
        en: 'Compare with the NetworkAttachmentDefinitions of all namespaces.',
      },
      {
        ko: '어노테이션에 그 네임스페이스까지 적거나, 파드의 네임스페이스에 그 네트워크를 만들어요.',
        en: 'Let the pod name that namespace too, or make the network in the namespace of the pod.',
      },
    ],
    probe: allOf(podReady('sensor'), async world => {
      const address = secondAddress(world, 'sensor')
      const net = world.parameters['net']
      if (!address || !isOfLan(address, 220, 229))
        return fail(
          {
            ko: `sensor에 ${net} 네트워크의 주소가 없어요.`,
            en: `sensor has no address of the network ${net}.`,
          },
          address,
        )
      const { stdout, stderr } = await world.run(`curl -sS -m 3 http://${address}:8080`, 10_000)
      return stdout.trim() === '21 degrees'
        ? pass(address)
        : fail(
            { ko: '그 주소의 8080번이 답하지 않아요.', en: 'Port 8080 of that address does not answer.' },
            stderr.trim(),
          )
    }),
  },
])
