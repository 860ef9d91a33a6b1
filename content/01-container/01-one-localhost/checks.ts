import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'
import { allOf, answeredRightly, podReady, requestSeen } from '#simulator/grading/probes.ts'

const localhost = '127.0.0.1'

export default defineChecks([
  {
    id: 'pods-run',
    points: 1,
    title: { ko: 'pair와 lone 파드가 준비됐어요', en: 'The pods pair and lone are ready' },
    hints: [
      { ko: '작업 폴더에 어떤 파일이 있는지 봐요.', en: 'Look at the files in the working directory.' },
      { ko: '매니페스트는 클러스터에 적용해야 파드가 돼요.', en: 'A manifest becomes a pod when it is applied.' },
    ],
    probe: allOf(podReady('pair'), podReady('lone')),
  },
  {
    id: 'localhost-in-pair',
    points: 1,
    needs: ['pods-run'],
    title: {
      ko: 'pair 안에서 localhost의 80번 포트가 답했어요',
      en: 'Inside pair, port 80 of localhost has answered',
    },
    hints: [
      {
        ko: '웹 서버가 없는 컨테이너에서 불러 봐요. -c로 컨테이너를 고를 수 있어요.',
        en: 'Call from the container that has no web server; -c chooses it.',
      },
    ],
    probe: requestSeen(
      { protocol: 'tcp', from: 'default/pair', toAddress: localhost, toPort: 80, verdict: 'answered' },
      {
        ko: 'pair에서 localhost:80을 부른 적이 아직 없어요.',
        en: 'Nothing in pair has called localhost:80 yet.',
      },
    ),
  },
  {
    id: 'what-is-shared',
    points: 1,
    needs: ['localhost-in-pair'],
    title: { ko: '컨테이너들이 함께 쓰는 것을 알아요', en: 'You know what the containers share' },
    hints: [
      {
        ko: '두 컨테이너에서 같은 명령을 실행하고 결과를 나란히 놓아요.',
        en: 'Run the same command in both containers and put the results side by side.',
      },
    ],
    probe: answeredRightly('what-is-shared', 'network', {
      ko: '주소와 포트, 파일, 프로세스 가운데 무엇이 같고 무엇이 달랐나요?',
      en: 'Of address and ports, files, processes: which were the same, and which were not?',
    }),
  },
  {
    id: 'localhost-in-lone',
    points: 1,
    needs: ['pods-run'],
    title: {
      ko: 'lone 안에서 localhost의 80번 포트는 거절했어요',
      en: 'Inside lone, port 80 of localhost has refused',
    },
    hints: [{ ko: '같은 주소를 다른 파드에서 불러요.', en: 'Call the same address from another pod.' }],
    probe: requestSeen(
      { protocol: 'tcp', from: 'default/lone', toAddress: localhost, toPort: 80, verdict: ['refused', 'rejected'] },
      {
        ko: 'lone에서 localhost:80을 부른 적이 아직 없어요.',
        en: 'Nothing in lone has called localhost:80 yet.',
      },
    ),
  },
  {
    id: 'by-address',
    points: 1,
    needs: ['pods-run'],
    title: { ko: 'lone이 pair를 파드의 주소로 불렀어요', en: 'lone has called pair by its pod address' },
    hints: [
      {
        ko: '파드의 주소는 kubectl get pods -o wide의 IP 칸에 있어요.',
        en: 'The address of a pod stands in the IP column of kubectl get pods -o wide.',
      },
    ],
    probe: requestSeen(
      {
        protocol: 'tcp',
        from: 'default/lone',
        toAddress: ({ client }) => client.get(pod, 'pair', 'default')?.status.podIP,
        toPort: 80,
        verdict: 'answered',
      },
      {
        ko: 'lone에서 pair의 주소로 보낸 요청이 아직 없어요.',
        en: 'No request from lone to the address of pair has been seen yet.',
      },
    ),
  },
  {
    id: 'repair',
    points: 3,
    title: { ko: '고치기: notes의 reader가 메모를 읽어요', en: 'Repair: reader in notes reads the notes' },
    hints: [
      {
        ko: 'reader의 로그에 어떤 주소를 불렀는지 적혀 있어요.',
        en: 'The log of reader says which address it called.',
      },
      {
        ko: 'api는 컨테이너의 이름이에요. 컨테이너의 이름으로 만들어지는 DNS 이름이 있나요?',
        en: 'api is the name of a container. Does a DNS name come of that?',
      },
      {
        ko: '같은 파드의 컨테이너를 부르는 주소와, api가 듣는 포트를 함께 생각해요.',
        en: 'Think of the address of a container in the same pod, and of the port that api listens on.',
      },
    ],
    async probe(world) {
      const ready = podReady('notes')(world)
      const outcome = await ready
      if (outcome.state === 'fail') return outcome
      const { stdout } = await world.run('sleep 4; kubectl logs notes -c reader --since=4s', 20_000)
      if (stdout.includes('three notes')) return pass('three notes')
      return fail(
        {
          ko: 'reader가 아직 답을 받지 못해요. 부르는 주소와 포트를 봐요.',
          en: 'reader still gets no answer. Look at the address and the port that it calls.',
        },
        stdout.trim().split('\n').at(-1),
      )
    },
  },
])
