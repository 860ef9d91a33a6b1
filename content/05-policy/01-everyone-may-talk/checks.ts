import { callsAnswered, callsDropped, callsSeen, callText, type PodCall } from '#simulator/grading/calls.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly } from '#simulator/grading/probes.ts'

const call = (from: string, to: string): PodCall => ({ from, to, port: 8080 })
const [guest, clerk, vault] = ['lobby/guest', 'default/clerk', 'default/vault'] as const

export default defineChecks([
  {
    id: 'no-wall',
    points: 1,
    title: {
      ko: '정책이 없을 때 guest에서 vault를 불러 봤어요',
      en: 'guest has called vault while there was no policy',
    },
    hints: [
      {
        ko: 'vault의 파드 주소로, lobby에 있는 guest에서 보내요.',
        en: 'Send from guest, which is in lobby, to the pod address of vault.',
      },
      {
        ko: '정책을 이미 적용했다면 요청은 사라져요. 정책을 잠시 지우고 다시 보내 봐요.',
        en: 'If the policy is already there, the call vanishes. Take the policy away for a while and call again.',
      },
    ],
    probe(world) {
      const wanted = call(guest, vault)
      return callsSeen(world, wanted, 'answered').length > 0
        ? pass(callText(wanted))
        : fail({
            ko: 'guest에서 vault의 8080번으로 보내 답을 받은 요청이 아직 없어요.',
            en: 'No call from guest to port 8080 of vault has been answered yet.',
          })
    },
  },
  {
    id: 'shut',
    points: 2,
    title: {
      ko: 'shut이 vault만, 적은 방향만 닫아요',
      en: 'shut closes vault only, and only the way that it names',
    },
    hints: [
      {
        ko: '정책이 고른 파드가 vault 하나뿐인지 kubectl describe로 봐요.',
        en: 'See with kubectl describe whether the policy selects vault and only vault.',
      },
      {
        ko: 'policyTypes에 적은 방향과 사라진 요청의 방향을 비교해요.',
        en: 'Compare the direction under policyTypes with the direction of the calls that vanish.',
      },
    ],
    probe: allOf(callsDropped(call(guest, vault), call(clerk, vault)), callsAnswered(call(vault, guest))),
  },
  {
    id: 'direction',
    points: 1,
    title: {
      ko: '닫힌 vault가 답을 받은 까닭을 알아요',
      en: 'You know why the shut vault got its answer',
    },
    hints: [
      {
        ko: '연결을 먼저 연 쪽이 누구인지 봐요.',
        en: 'See who opened the connection.',
      },
    ],
    probe: answeredRightly('direction', 'opened', {
      ko: '정책은 누가 연결을 여는지를 봐요. 답은 그 연결에 속해요.',
      en: 'A policy looks at who opens a connection. The answer belongs to that connection.',
    }),
  },
  {
    id: 'quiet',
    points: 3,
    title: {
      ko: 'clerk는 아무도 부르지 못하고, guest와 vault는 clerk를 부를 수 있어요',
      en: 'clerk reaches nobody, and guest and vault still reach clerk',
    },
    hints: [
      {
        ko: '이번에는 막을 요청을 clerk가 열어요. clerk에서 보면 들어오는 쪽인가요, 나가는 쪽인가요?',
        en: 'This time clerk opens the calls to be stopped. Seen from clerk, do they come in or go out?',
      },
      {
        ko: 'guest가 clerk를 부르지 못하게 됐다면 policyTypes에 어떤 방향이 들어 있는지 봐요. 적지 않으면 Ingress가 늘 들어가요.',
        en: 'If guest no longer reaches clerk, see which directions policyTypes holds. Left out, it always holds Ingress.',
      },
      {
        ko: '정책은 이름이 아니라 레이블로 파드를 골라요. clerk의 레이블과 비교해요.',
        en: 'A policy selects by labels, not by names. Compare with the labels of clerk.',
      },
    ],
    probe: allOf(
      callsDropped(call(clerk, guest)),
      callsAnswered(call(guest, clerk), call(vault, clerk), call(vault, guest)),
    ),
  },
])
