import { pod } from '#simulator/cluster/kinds/pod.ts'
import { service } from '#simulator/cluster/kinds/service.ts'
import { callEnd, callText } from '#simulator/grading/calls.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { letsIn, policiesOn } from '#simulator/grading/policies.ts'
import { answeredRightly, isReady, requestsLike } from '#simulator/grading/probes.ts'
import type { ObservedRequest, World } from '#simulator/grading/world.ts'

const readyVault = ({ client }: World) =>
  client.list(pod, { namespace: 'default' }).find(one => one.metadata.labels?.['app'] === 'vault' && isReady(one))

/** What guest sent to vault so far, by the address of the Service or of a pod. */
function guestsCalls(world: World): ObservedRequest[] {
  const serviceIp = world.client.get(service, 'vault', 'default')?.spec.clusterIP
  return requestsLike(world, { protocol: 'tcp', from: 'default/guest' }).filter(
    ({ toAddress, toPort }) =>
      (toAddress === serviceIp && toPort === 80) || (toAddress.startsWith('10.244.2.') && toPort === 8080),
  )
}

/** The wall clock at the lab's beginning, within a second: a call of now tells both times. */
async function epochOf(world: World, vault: string): Promise<number> {
  const { stdout } = await world.run('date +%s')
  await callEnd(world, { from: 'default/clerk', to: `default/${vault}`, port: 8080 })
  return Number(stdout) * 1000 - (world.requests.at(-1)?.at ?? 0)
}

export default defineChecks([
  {
    id: 'answered-anyway',
    points: 2,
    title: {
      ko: '들여보내지 않는다는 정책이 있는데도 guest가 vault의 답을 받았어요',
      en: 'guest got an answer of vault though a policy does not let it in',
    },
    hints: [
      {
        ko: '정책을 적용하기 전의 답은 증거가 되지 못해요. 적용한 다음에 불러요.',
        en: 'An answer from before the policy proves nothing. Call after it is applied.',
      },
      {
        ko: '정책이 vault를 고르는지, guest를 들여보내지 않는지 describe로 봐요.',
        en: 'See with describe whether the policy selects vault and does not let guest in.',
      },
    ],
    async probe(world) {
      const vault = readyVault(world)
      if (!vault) return fail({ ko: 'vault 파드가 준비되지 않았어요.', en: 'No pod of vault is ready.' })
      const policies = policiesOn(world, vault, 'Ingress')
      if (policies.length === 0)
        return fail({
          ko: 'vault를 고르는 들어오는 쪽 정책이 아직 없어요.',
          en: 'There is no ingress policy yet that selects vault.',
        })
      const opener = policies.find(policy => letsIn(world, policy, 'default/guest'))
      if (opener)
        return fail(
          { ko: '이 정책은 guest도 들여보내요.', en: 'This policy lets guest in as well.' },
          opener.metadata.name,
        )
      const answers = guestsCalls(world).filter(({ verdict }) => verdict === 'answered')
      const epoch = await epochOf(world, vault.metadata.name)
      const since = Math.min(...policies.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''))) - epoch
      return answers.some(({ at }) => at > since - 1000)
        ? pass()
        : fail({
            ko: '정책이 생긴 뒤에 guest가 답을 받은 요청이 아직 없어요.',
            en: 'No call of guest has been answered since the policy is there.',
          })
    },
  },
  {
    id: 'how-to-know',
    points: 1,
    title: { ko: '정책이 지켜지는지 무엇으로 확인하는지 알아요', en: 'You know what shows that policies are enforced' },
    hints: [
      {
        ko: '앞 수업의 클러스터와 여기서 똑같이 보인 것은 빼요. 다르게 보인 것은 무엇이었나요?',
        en: 'Leave out what looked the same here and in the clusters before. What looked different?',
      },
    ],
    probe: answeredRightly('how-to-know', 'call'),
  },
  {
    id: 'hole',
    points: 1,
    title: {
      ko: '노드의 규칙으로 막혔던 guest가 vault의 파드가 바뀌자 다시 답을 받았어요',
      en: 'guest, stopped by a rule on a node, got answers again once the pod of vault was another',
    },
    hints: [
      {
        ko: 'vault의 주소를 적은 규칙으로 먼저 막고, guest에서 불러 봐요.',
        en: 'First stop it with a rule that names the address of vault, and call from guest.',
      },
      {
        ko: '그다음 vault의 파드를 지워 새 파드가 뜨게 하고, 잠시 뒤에 다시 불러요.',
        en: 'Then delete the pod of vault so that a new one starts, and call again a little later.',
      },
    ],
    probe(world) {
      const calls = guestsCalls(world)
      const lost = calls.findIndex(({ verdict }) => verdict === 'unanswered')
      if (lost < 0)
        return fail({
          ko: 'guest에서 vault로 보냈다가 잃은 요청이 아직 없어요.',
          en: 'No call of guest to vault has been lost yet.',
        })
      return calls.slice(lost).some(({ verdict }) => verdict === 'answered')
        ? pass()
        : fail({
            ko: '막힌 뒤에 다시 답을 받은 요청이 아직 없어요.',
            en: 'After being stopped, guest has not been answered again yet.',
          })
    },
  },
  {
    id: 'by-hand',
    points: 3,
    title: {
      ko: 'vault의 파드가 바뀌어도 guest는 막히고 clerk는 부를 수 있어요',
      en: 'Even when the pod of vault is another, guest is stopped and clerk gets in',
    },
    hints: [
      {
        ko: '규칙에 적은 주소 가운데 바뀌는 것은 누구의 것인가요?',
        en: 'Of the addresses in the rule, whose is the one that changes?',
      },
      {
        ko: '파드의 패킷이 노드에서 지나는 묶음은 FORWARD예요. 규칙을 나중 자리에 두면 앞의 ACCEPT가 먼저 통과시켜요.',
        en: 'On a node, packets of pods pass FORWARD. Behind an ACCEPT a rule comes too late.',
      },
      {
        ko: 'clerk까지 막혔다면 규칙이 누구의 패킷인지 묻고 있는지 봐요.',
        en: 'If clerk is stopped too, see whether the rule asks whose packet it is.',
      },
    ],
    async probe(world) {
      for (const round of ['now', 'new pod']) {
        const vault = readyVault(world)
        if (!vault) return fail({ ko: 'vault 파드가 준비되지 않았어요.', en: 'No pod of vault is ready.' })
        const to = `default/${vault.metadata.name}`
        for (const [from, wanted, words] of [
          ['default/guest', 'unanswered', { ko: 'guest가 아직 막히지 않아요.', en: 'guest is not stopped.' }],
          ['default/clerk', 'answered', { ko: 'clerk까지 막혔어요.', en: 'clerk is stopped as well.' }],
        ] as const) {
          const call = { from, to, port: 8080 }
          const end = await callEnd(world, call)
          if (end !== wanted) return fail(words, `${callText(call)} (${round}): ${end}`)
        }
        if (round === 'now') {
          await world.run(`kubectl delete pod ${vault.metadata.name}`, 20_000)
          await world.run('kubectl rollout status deployment vault --timeout=20s', 25_000)
        }
      }
      return pass()
    },
  },
])
