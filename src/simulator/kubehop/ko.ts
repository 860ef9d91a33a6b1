import type { Words } from './words.ts'

const help = `이 실습의 네트워크에 물어봐요. 패킷이 도착하는지, 어떤 길로 가는지, 어느 줄이 결정했는지 알려 줘요.

사용법:
  kubehop trace FROM TO[:PORT] [옵션]

FROM  파드(NAME 또는 pod/NAME), deploy/NAME(rs/, sts/, ds/도 가능: 실행 중인 첫 파드), node/NAME, lab
TO    위의 모든 것, svc/NAME, IPv4 주소, FROM이 조회할 호스트 이름
      다른 네임스페이스의 이름: pod/NAMESPACE/NAME, svc/NAMESPACE/NAME 등
PORT  포트 번호나 포트 이름. 없으면 서비스나 컨테이너의 첫 포트를 쓰고,
      그것도 없으면 에코 요청(ping)을 보내요

옵션:
  -w, --why               왜 그렇게 끝났는지, 다음에 어디를 볼지 쉬운 말로 설명해요
      --udp               TCP 연결 대신 UDP 데이터그램을 보내요
      --icmp              에코 요청을 보내요
      --sctp              SCTP 연결을 열어요
  -n, --namespace=NAME    FROM과 TO가 있는 네임스페이스(기본값: 현재 컨텍스트)
  -o, --output=FORMAT     text 또는 json
  -t, --timeout=SECONDS   응답을 기다릴 시간(기본값 5)
      --lang=LANGUAGE     ko 또는 en(기본값: LANG, 없으면 페이지의 언어)
      --help              이 도움말을 보여 줘요

진짜 패킷을 보내요. 그래서 카운터, 이웃 테이블, 연결 추적 테이블이 다른 요청과 똑같이 바뀌어요.
연결은 맺어지자마자 닫으므로, 서버에는 아무 말 없이 다녀간 클라이언트로 보여요.

종료 상태: 0 응답이 왔어요, 1 응답이 없어요, 2 명령을 이해할 수 없어요.

예:
  kubehop trace client svc/web
  kubehop trace deploy/client web.shop:8080 --why
  kubehop trace lab node/node1:30080
  kubehop trace client 10.244.2.7 --icmp -o json
`

/** Korean. */
export const ko: Words = {
  help,
  tryHelp: "자세한 내용은 'kubehop --help'를 실행해 보세요.",
  there: '가는 길',
  back: '오는 길',
  why: '이유',
  look: '살펴보기',
  verdict: {
    answered: '응답이 왔어요',
    refused: '거절당했어요',
    rejected: '거부당했어요',
    unanswered: '응답이 없어요',
    open: '아직 진행 중이에요',
  },
  place: {
    pod: name => `파드 ${name}`,
    node: name => `노드 ${name}`,
    workstation: name => name,
    outside: name => (name === 'switch' ? '스위치' : name),
  },
  nameFound: (name, address, asked) => `이름 ${name}의 주소: ${address}${asked ? ` (${asked}의 답)` : ''}`,
  noPacket: '패킷이 나가지 못했어요.',
  happening: {
    sent: ({ program }) => (program ? `프로그램 ${program}에서 패킷을 보내요.` : '소켓에서 패킷을 보내요.'),
    sentByKernel: () => '커널이 직접 답을 보내요.',
    routedHere: () => '라우트에 따르면 이 머신으로 온 패킷이에요.',
    routedOnLink: ({ device }) => `라우트에 따르면 목적지는 ${device} 바로 너머에 있어요.`,
    routedVia: ({ gateway, device }) => `라우트에 따라 ${device}에서 게이트웨이 ${gateway} 쪽으로 보내요.`,
    neighbourAsked: ({ address }) => `링크에 물어봐요: ${address}의 이더넷 주소는?`,
    neighbourAnswered: ({ address, mac }) => `답해요: ${address}의 이더넷 주소는 ${mac}`,
    switched: ({ bridge, port }) => `브리지 ${bridge}에 등록된 이더넷 주소라서 포트 ${port} 쪽으로 넘겨요.`,
    flooded: ({ bridge }) => `브리지 ${bridge}에 등록되지 않은 이더넷 주소라서 모든 포트에 복사해 보내요.`,
    accepted: ({ table }) => `${table ? `${table} ` : ''}규칙이 통과시켜요.`,
    marked: () => '규칙이 패킷의 마크를 바꿔요. 뒤의 규칙들이 이 마크를 봐요.',
    destinationChanged: ({ from, to }) => `목적지가 바뀌어요: ${from} → ${to}`,
    sourceChanged: ({ from, to }) => `출발지가 바뀌어요: ${from} → ${to}`,
    changedBack: ({ from, to }) => `연결 추적 테이블에 있는 연결이라서 주소를 바꿔요: ${from} → ${to}`,
    wrapped: ({ device, outer }) => `터널 ${device}에서 바깥 패킷에 담아요: ${outer}`,
    unwrapped: ({ device, inner }) => `터널 ${device}에서 안쪽 패킷을 꺼내요: ${inner}`,
    forwarded: ({ ttl }) => `패킷을 전달해요. TTL이 하나 줄어요: ${ttl}`,
    delivered: () => '도착했어요. 소켓이 받아요.',
    echoAnswered: () => '도착했어요. 에코 요청에는 커널이 직접 답해요.',
    errorDelivered: () => '패킷을 보낸 소켓에 오류가 전해져요.',
    dropped: ({ decision }) => `여기서 버려져요 (${decision}).`,
    rejectedByRule: ({ decision }) => `규칙이 거부해요 (${decision}).`,
    nobodyListened: ({ port }) => `도착했지만 그 주소의 포트 ${port}에서 듣는 프로그램이 없어서 돌려보내요.`,
    expired: () => 'TTL이 다 되어 여기서 끝나요.',
    programDecided: ({ decision }) => `${decision}.`,
  },
  cause: {
    answered: ({ by, seenAs }) =>
      `${by}에서 응답했어요.${seenAs ? ` 도중에 출발지 주소가 바뀌어서, 받은 쪽에는 ${seenAs}에서 보낸 것으로 보여요.` : ''}`,
    stillOpen: () => '패킷이 아직 가는 중이에요. --timeout으로 더 기다려 보세요.',
    selectorFindsNoPod: ({ service, selector }) =>
      `서비스 ${service}에 엔드포인트가 없어요. 셀렉터는 ${selector}인데, 같은 네임스페이스에 그런 레이블을 단 파드가 없어요. 보낼 곳이 없어서 규칙이 패킷을 거부해요.`,
    podsNotReady: ({ service, pods }) =>
      `서비스 ${service}에 준비된 엔드포인트가 없어요. ${pods.join('; ')}. 준비된 파드만 트래픽을 받아요.`,
    serviceWithoutSelector: ({ service }) =>
      `서비스 ${service}에는 셀렉터가 없어서 엔드포인트가 자동으로 채워지지 않아요. 엔드포인트슬라이스를 직접 만들어야 해요.`,
    portNameUnknown: ({ service, port, pods }) =>
      `서비스 ${service}에서 보내는 포트 이름은 ${port}인데, ${pods.join(', ')}에는 그런 이름의 컨테이너 포트가 없어요.`,
    noEndpoints: ({ service }) => `서비스 ${service}에 이 패킷을 받을 엔드포인트가 없어요.`,
    noLocalEndpoint: ({ service, node, nodes }) =>
      `서비스 ${service}에서는 패킷이 도착한 노드의 엔드포인트만 써요(트래픽 정책 Local). 노드 ${node}에는 엔드포인트가 없어요${nodes.length > 0 ? `. 엔드포인트가 있는 곳: ${nodes.join(', ')}` : ''}.`,
    portNotInService: ({ service, port, ports }) =>
      `서비스 ${service}에는 ${port} 포트가 없어요. 있는 포트: ${ports.join(', ')}. 그 포트로 온 패킷만 파드로 넘겨져요.`,
    insideOnly: ({ service, address, place }) =>
      `서비스 ${service}의 주소(${address})는 노드의 규칙 속에만 있어요. 보낸 곳(${place})은 클러스터 밖이라서 그런 규칙이 없어요. 밖에서는 노드포트나 로드밸런서의 주소로 물어보세요.`,
    pingToService: ({ service, address }) =>
      `이 주소(${address})는 서비스 ${service}의 것이에요. 그 포트로 온 패킷만 파드로 넘겨지는데, 에코 요청에는 포트가 없어요. 대신 서비스의 포트로 시험해 보세요.`,
    nobodyListens: ({ place, port, listening, service }) =>
      `패킷은 ${place}까지 갔지만 포트 ${port}에서 듣는 프로그램이 없어요${listening.length > 0 ? `. 열려 있는 포트: ${listening.join(', ')}` : ''}.${service ? ` 서비스 ${service}의 targetPort를 확인해 보세요.` : ''} 그곳의 커널이 바로 돌려보냈어요.`,
    listensElsewhere: ({ place, address, port, at }) =>
      `패킷은 ${place}의 ${address}까지 갔지만, 포트 ${port}를 듣는 주소는 ${at.join(', ')}뿐이에요. 그곳의 커널이 바로 돌려보냈어요.`,
    addressTwice: ({ place, address, pods }) =>
      `패킷은 ${place}에 도착했고, 거기서 돌려보냈어요. 주소가 ${address}인 파드가 여럿이에요: ${pods.join(', ')}. 노드마다 같은 주소를 나눠 주면 서로의 파드에 닿을 수 없어요.`,
    policyDrops: ({ place, direction, pod, policies }) =>
      `${place}에서 네트워크폴리시가 막았어요. ${pod && policies.length > 0 ? `${policies.join(', ')} 정책이 ${pod}에 적용되는데${direction ? `(${direction})` : ''}, 이 패킷을 허용하는 규칙이 없어요.` : '이 패킷을 허용하는 정책 규칙이 없어요.'} 버려진 패킷에는 답이 없어서, 보낸 쪽에서는 시간만 흘러요.`,
    ruleDrops: ({ place }) =>
      `${place}의 규칙이 패킷을 버려요. 버려진 패킷에는 답이 없어서, 보낸 쪽에서는 시간만 흘러요.`,
    ruleRejects: ({ place }) => `${place}의 규칙이 패킷을 거부하고, 보낸 쪽에 알려요.`,
    noRoute: ({ place, address }) => `${place}에 ${address} 쪽으로 가는 라우트가 없어요.`,
    routeSwallows: ({ place, address }) => `${place}에 있는 ${address}행 라우트는 모든 패킷을 말없이 버려요.`,
    routeRefuses: ({ place, address }) => `${place}에 있는 ${address}행 라우트는 모든 패킷을 거절해요.`,
    forwardingOff: ({ place }) =>
      `${place}에 다른 곳으로 갈 패킷이 왔는데, 전달 기능이 꺼져 있어요(net.ipv4.ip_forward가 0이에요).`,
    neighbourSilent: ({ place, address, owner }) =>
      `${place}에서 ${address}의 이더넷 주소를 물었지만 아무도 답하지 않았어요.${owner ? ` 이 주소는 ${owner}의 것인데, 그 링크에 없어요.` : ' 이 주소를 가진 머신이나 파드가 없어요.'}`,
    tooLong: ({ place, mtu }) =>
      `패킷이 다음 링크가 받는 크기(${mtu})보다 긴데 쪼개면 안 되는 패킷이라서, ${place}에서 버려졌어요.`,
    interfaceDown: ({ place, device }) => `${place}의 ${device} 인터페이스가 꺼져 있어요.`,
    untrueAddress: ({ place }) => `${place}에서 패킷의 주소를 믿지 않아요. 그쪽에서 들어올 수 없는 주소예요.`,
    tunnelKnowsNoWay: ({ place, device }) =>
      `${place}의 터널 ${device}에 포워딩 항목이 없어서, 주소가 어느 노드 뒤에 있는지 몰라요.`,
    noTunnel: ({ place }) => `터널 패킷이 ${place}에 왔지만, 받을 터널이 없어요.`,
    expired: ({ place }) => `${place}에서 TTL이 다 됐어요. 패킷이 빙빙 돌았거나, 길이 TTL보다 길어요.`,
    tableFull: ({ place }) =>
      `${place}의 연결 추적 테이블이 가득 차서(net.netfilter.nf_conntrack_max) 새 연결을 받지 못해요.`,
    lostOnLine: ({ place, device }) =>
      `${place}의 ${device} 너머 회선에서 패킷이 사라졌어요. tc 설정 때문에 패킷을 잃는 회선이에요.`,
    otherDrop: ({ place, decision }) => `${place}에서 버려졌어요: ${decision}`,
    lostAfter: ({ place, device }) =>
      `마지막으로 보인 곳: ${place}${device ? `, ${device}` : ''}. 그다음에는 아무도 받지 않았어요.`,
    datagramUnanswered: ({ place }) =>
      `데이터그램은 ${place}에 도착했고 프로그램이 받았어요. UDP 자체는 답하지 않아요. 답할 수 있는 것은 프로그램뿐인데, 답하지 않았어요.`,
    requestUnanswered: ({ place }) => `패킷은 ${place}에 도착했지만, 답을 보내지 않았어요.`,
    nameUnknown: ({ name, tried, servers }) =>
      `네임서버(${servers.join(', ')})가 그런 이름은 없다고 답했어요: ${name}. 시도한 이름: ${tried.join(', ')}`,
    nameServerSilent: ({ name, servers }) =>
      `${name} 이름을 조회하지 못했어요. ${servers.join(', ')}에서 답이 없어요. 위의 길은 그 질문이 간 길이에요.`,
    protocolMissing: ({ protocol }) => `여기서 시뮬레이션하지 않는 프로토콜이에요: ${protocol}`,
  },
  mistake: {
    noCommand: () => '무엇을 할까요? 명령은 trace예요',
    unknownCommand: ({ word }) => `모르는 명령이에요: "${word}". 있는 명령: trace`,
    fromMissing: () => '누가 보내나요? FROM과 TO가 없어요',
    toMissing: () => '누구에게 보내나요? TO가 없어요',
    tooMany: ({ word }) => `FROM 하나와 TO 하나만 주세요. 남는 말: "${word}"`,
    serviceSendsNothing: ({ word }) => `${word}: 서비스는 스스로 보내지 않아요. 파드, 노드, lab 중에서 고르세요`,
    notFound: ({ what, name, namespace }) =>
      `찾을 수 없어요: ${what} "${name}"${namespace === undefined ? '' : ` (네임스페이스 "${namespace}")`}`,
    unknownKind: ({ word }) => `"${word}": 쓸 수 있는 종류는 pod/, svc/, deploy/, rs/, sts/, ds/, node/예요`,
    badPort: ({ word }) => `포트 번호(1–65535)도 포트 이름도 아니에요: "${word}"`,
    portNameUnknown: ({ word, target }) => `${target}에는 그런 이름의 포트가 없어요: "${word}"`,
    noAddress: ({ target, status }) => `${target}에는 아직 주소가 없어요 (${status})`,
    noPods: ({ target }) => `${target}에는 실행 중인 파드가 없어요`,
    headless: ({ target }) => `헤드리스 서비스(${target})에는 자기 주소가 없어요. 이름이나 파드로 물어보세요`,
    noNetwork: ({ target }) => `${target}에는 아직 네트워크가 없어서 보낼 수 없어요`,
    onlyAName: ({ target, name }) =>
      `이 서비스(${target})는 ${name}의 다른 이름일 뿐이에요. 그 이름이나 서비스의 DNS 이름으로 물어보세요`,
    nobodyLooksUp: ({ target, name }) =>
      `${target}에 실행 중인 컨테이너가 없어서 "${name}" 이름을 조회할 수 없어요. 주소나 파드, svc/NAME으로 물어보세요`,
    onlyOneProtocol: () => '--udp, --icmp, --sctp 중 하나만 쓸 수 있어요',
    badOutput: ({ word }) => `모르는 출력 형식이에요: "${word}". 있는 형식: text, json`,
    badLanguage: ({ word }) => `모르는 언어예요: "${word}". 있는 언어: ko, en`,
    badTime: ({ word }) => `0보다 큰 초 단위 숫자가 아니에요: "${word}"`,
    pingHasNoPort: () => '에코 요청에는 포트가 없어요. 포트나 --icmp 중 하나를 빼세요',
  },
}
