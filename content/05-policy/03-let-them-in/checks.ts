import { service } from '#simulator/cluster/kinds/service.ts'
import { callsAnswered, callsDropped } from '#simulator/grading/calls.ts'
import { defineChecks } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, requestSeen } from '#simulator/grading/probes.ts'

/** Both vaults: the same names of ports, other numbers. */
const windows = [
  { to: 'bank/vault-a', port: 8080 },
  { to: 'bank/vault-b', port: 8000 },
]
const staffDoors = [
  { to: 'bank/vault-a', port: 9090 },
  { to: 'bank/vault-b', port: 9000 },
]
const all = (from: string, doors: typeof windows) => doors.map(door => ({ from, ...door }))

export default defineChecks([
  {
    id: 'too-many',
    points: 1,
    title: {
      ko: 'inspector.yaml을 처음 그대로 적용하고 누가 들어오는지 봤어요',
      en: 'You have applied inspector.yaml as it was and seen who came in',
    },
    hints: [
      {
        ko: 'inspector.yaml을 고치기 전에 그대로 적용하고, 모든 파드에서 불러 봐요.',
        en: 'Apply inspector.yaml as it is before you change it, and call from every pod.',
      },
    ],
    probe: requestSeen(
      {
        protocol: 'tcp',
        from: 'audit/intern',
        toAddress: ({ client }) => client.get(service, 'vault', 'bank')?.spec.clusterIP,
        verdict: 'answered',
      },
      {
        ko: 'intern이 서비스 vault에서 답을 받은 요청이 아직 없어요.',
        en: 'No call from intern to the Service vault has been answered yet.',
      },
    ),
  },
  {
    id: 'one-entry',
    points: 1,
    title: { ko: '두 조건을 함께 묻게 적는 법을 알아요', en: 'You know how to ask for both at once' },
    hints: [
      {
        ko: 'from은 목록이에요. 목록의 항목 하나가 어디에서 시작하는지 세어 봐요.',
        en: 'from is a list. Count where its entries begin.',
      },
    ],
    probe: answeredRightly('one-entry', 'one', {
      ko: '항목을 늘리면 들어올 수 있는 파드도 늘어나요.',
      en: 'More entries let more pods in.',
    }),
  },
  {
    id: 'window',
    points: 3,
    title: {
      ko: '창구(window)에는 teller와 inspector만 들어가요. 두 금고 모두요',
      en: 'Only teller and inspector get to the window, at both vaults',
    },
    hints: [
      {
        ko: '누가 못 들어가는지, 또는 누가 더 들어가는지부터 kubectl describe의 From 묶음과 비교해요.',
        en: 'See who is missing or too many, and compare with the From groups of kubectl describe.',
      },
      {
        ko: 'actor나 intern이 들어간다면 inspector 정책의 from에 항목이 몇 개인지 봐요.',
        en: 'If actor or intern get in, count the entries under from in the policy inspector.',
      },
      {
        ko: 'teller가 못 들어간다면 정책의 포트가 서비스의 번호인지 파드의 번호인지 봐요. 두 금고는 번호가 서로 달라요.',
        en: 'If teller does not get in, see whether the port is the number of the Service or of the pod. The two vaults use different numbers.',
      },
    ],
    probe: allOf(
      callsAnswered(...all('bank/teller', windows), ...all('audit/inspector', windows)),
      callsDropped(...['bank/actor', 'audit/intern', 'lobby/guest'].flatMap(who => all(who, windows))),
    ),
  },
  {
    id: 'staff',
    points: 2,
    title: {
      ko: '직원 문(staff)에는 inspector만 들어가요. 두 금고 모두요',
      en: 'Only inspector gets to the staff door, at both vaults',
    },
    hints: [
      {
        ko: 'teller가 직원 문에도 들어간다면 teller 정책에 포트가 적혀 있는지 봐요. ports가 없으면 모든 포트예요.',
        en: 'If teller gets to the staff door too, see whether its policy names a port. Without ports it is every port.',
      },
      {
        ko: '정책은 더해져요. 한 정책이 들여보내면 다른 정책이 막지 못해요.',
        en: 'Policies add up: what one lets in, no other stops.',
      },
    ],
    probe: allOf(
      callsAnswered(...all('audit/inspector', staffDoors)),
      callsDropped(
        ...['bank/teller', 'bank/actor', 'audit/intern', 'lobby/guest'].flatMap(who => all(who, staffDoors)),
      ),
    ),
  },
])
