import { callsAnswered, callsDropped, callsSeen, callText, type PodCall } from '#simulator/grading/calls.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, podReady } from '#simulator/grading/probes.ts'

const call = (from: string, to: string, port = 8080): PodCall => ({ from, to, port })
const [desk, guest, vault, shelf] = ['office/desk', 'lobby/guest', 'office/vault', 'archive/shelf'] as const

export default defineChecks([
  {
    id: 'two-failures',
    points: 1,
    title: {
      ko: '정책을 적용하기 전과 뒤에 vault의 81번을 불러 봤어요',
      en: 'You have called port 81 of vault before the policy and after it',
    },
    hints: [
      {
        ko: 'desk에서 vault의 파드 주소로, 정책을 적용하기 전과 뒤에 한 번씩 보내요.',
        en: 'Send from desk to the pod address of vault, once before the policy is applied and once after.',
      },
    ],
    probe(world) {
      const wanted = call(desk, vault, 81)
      if (callsSeen(world, wanted, 'refused', 'rejected').length === 0)
        return fail(
          {
            ko: '정책이 없을 때 81번을 부른 요청이 아직 없어요.',
            en: 'Port 81 has not been called without the policy yet.',
          },
          callText(wanted),
        )
      return callsSeen(world, wanted, 'unanswered').length > 0
        ? pass(callText(wanted))
        : fail(
            {
              ko: '정책이 있을 때 81번을 부른 요청이 아직 없어요.',
              en: 'Port 81 has not been called under the policy yet.',
            },
            callText(wanted),
          )
    },
  },
  {
    id: 'which-node',
    points: 1,
    title: { ko: '요청이 어디에서 버려지는지 알아요', en: 'You know where the call is dropped' },
    hints: [
      {
        ko: '경로의 마지막 줄에 노드와 인터페이스가 적혀 있어요. 그 인터페이스는 어느 파드의 것인가요?',
        en: 'The last stop of the path names a node and an interface. Whose interface is it?',
      },
    ],
    probe: answeredRightly('which-node', 'receiver'),
  },
  {
    id: 'office',
    points: 2,
    title: {
      ko: 'office가 새로 들어오는 요청에 닫혀 있어요',
      en: 'office is shut for calls that newly come in',
    },
    hints: [
      {
        ko: '정책이 어느 네임스페이스에 있는지 kubectl get networkpolicies -A로 봐요.',
        en: 'See with kubectl get networkpolicies -A in which namespace the policy is.',
      },
      {
        ko: '같은 네임스페이스의 desk도 막혀야 해요.',
        en: 'desk, of the same namespace, has to be stopped too.',
      },
    ],
    probe: allOf(callsDropped(call(desk, vault), call(guest, vault)), podReady('vault', 'office')),
  },
  {
    id: 'archive',
    points: 3,
    title: {
      ko: 'archive의 파드는 지금 것도 나중 것도 아무도 부르지 못하고, shelf는 남을 부를 수 있어요',
      en: 'Nobody reaches the pods of archive, those of today or tomorrow, and shelf still calls others',
    },
    hints: [
      {
        ko: '정책은 자기 네임스페이스의 파드만 골라요. 어느 네임스페이스에 적용했나요?',
        en: 'A policy selects pods of its own namespace only. To which namespace did you apply it?',
      },
      {
        ko: '나중에 생길 파드의 레이블은 아직 몰라요. 레이블을 묻지 않는 셀렉터는 어떻게 생겼나요?',
        en: 'The labels of pods to come are unknown. What does a selector look like that asks for no label?',
      },
      {
        ko: 'shelf가 남을 부르지 못하게 됐다면 policyTypes에 방향이 하나만 있는지 봐요.',
        en: 'If shelf cannot call others any more, see whether policyTypes holds just one direction.',
      },
    ],
    async probe(world) {
      const now = await allOf(
        callsDropped(call(guest, shelf), call(desk, shelf)),
        callsAnswered(call(shelf, guest)),
        podReady('shelf', 'archive'),
      )(world)
      if (now.state === 'fail') return now
      await world.run('kubectl run -n archive newcomer --image=nginx:1.27 --labels=made-by=grader', 10_000)
      await world.run('kubectl wait -n archive pod/newcomer --for=condition=Ready --timeout=30s', 40_000)
      return callsDropped(call(guest, 'archive/newcomer', 80))(world)
    },
  },
])
