import type { Words } from './words.ts'

const help = `Ask the network of this lab: would a packet arrive, by what path, and which line decided?

Usage:
  kubehop trace FROM TO[:PORT] [options]

FROM  a pod (NAME or pod/NAME), deploy/NAME (also rs/, sts/, ds/: its first running pod), node/NAME, or lab
TO    all of these, svc/NAME, an IPv4 address, or a host name that FROM looks up
      Names of another namespace: pod/NAMESPACE/NAME, svc/NAMESPACE/NAME, …
PORT  a number or the name of a port; without one a Service's or a container's first port is taken,
      else an echo request (ping) is sent

Options:
  -w, --why               say in plain words why it ended so, and where to look next
      --udp               send a UDP datagram instead of opening a TCP connection
      --icmp              send an echo request
      --sctp              open an SCTP association
  -n, --namespace=NAME    where FROM and TO are (default: the current context's)
  -o, --output=FORMAT     text or json
  -t, --timeout=SECONDS   how long to wait for an answer (default 5)
      --lang=LANGUAGE     ko or en (default: from LANG, else the page's language)
      --help              show this help

The packet is a real one: counters, neighbours and the connection table change as they do for any other request.
A connection is closed as soon as it stands, so the server sees a client that says nothing.

Exit status: 0 answered, 1 not answered, 2 the command line cannot be followed.

Examples:
  kubehop trace client svc/web
  kubehop trace deploy/client web.shop:8080 --why
  kubehop trace lab node/node1:30080
  kubehop trace client 10.244.2.7 --icmp -o json
`

/** English. */
export const en: Words = {
  help,
  tryHelp: "Try 'kubehop --help' for more.",
  there: 'There',
  back: 'Back',
  why: 'Why',
  look: 'Look',
  verdict: {
    answered: 'answered',
    refused: 'refused',
    rejected: 'rejected',
    unanswered: 'no answer',
    open: 'still under way',
  },
  place: {
    pod: name => `pod ${name}`,
    node: name => `node ${name}`,
    workstation: name => name,
    outside: name => name,
  },
  nameFound: (name, address, asked) => `${name} is ${address}${asked ? `, says ${asked}` : ''}.`,
  noPacket: 'No packet left.',
  happening: {
    sent: ({ program }) => (program ? `${program} sends the packet.` : 'a socket sends the packet.'),
    sentByKernel: () => 'the kernel itself sends a packet in answer.',
    routedHere: () => 'the route says that it is for this machine.',
    routedOnLink: ({ device }) => `the route says that the address is right behind ${device}.`,
    routedVia: ({ gateway, device }) => `the route sends it by ${device} to the gateway ${gateway}.`,
    neighbourAsked: ({ address }) => `asks the link: who has ${address}?`,
    neighbourAnswered: ({ address, mac }) => `answers: ${address} is at ${mac}.`,
    switched: ({ bridge, port }) => `the bridge ${bridge} knows the Ethernet address and hands the frame to ${port}.`,
    flooded: ({ bridge }) => `the bridge ${bridge} does not know the Ethernet address: a copy goes to every port.`,
    accepted: ({ table }) => `the rules${table ? ` of ${table}` : ''} let it pass.`,
    marked: () => 'a rule changes its mark, which later rules look at.',
    destinationChanged: ({ from, to }) => `the destination is changed: ${from} becomes ${to}.`,
    sourceChanged: ({ from, to }) => `the source is changed: ${from} becomes ${to}.`,
    changedBack: ({ from, to }) => `the connection table knows this connection: ${from} becomes ${to}.`,
    wrapped: ({ device, outer }) => `the tunnel ${device} puts it into an outer packet ${outer}.`,
    unwrapped: ({ device, inner }) => `the tunnel ${device} takes the inner packet out: ${inner}.`,
    forwarded: ({ ttl }) => `it is forwarded; its time to live falls to ${ttl}.`,
    delivered: () => 'it arrives: a socket takes it.',
    echoAnswered: () => 'it arrives: the kernel answers echo requests itself.',
    errorDelivered: () => 'the error arrives at the socket that had sent the packet.',
    dropped: ({ decision }) => `it is dropped here (${decision}).`,
    rejectedByRule: ({ decision }) => `a rule rejects it (${decision}).`,
    nobodyListened: ({ port }) => `it arrives, but nobody listens on port ${port} of that address: it is turned away.`,
    expired: () => 'its time to live has run out: it ends here.',
    programDecided: ({ decision }) => `${decision}.`,
  },
  cause: {
    answered: ({ by, seenAs }) =>
      `${by} answered.${seenAs ? ` It took ${seenAs} for the sender: the source address was changed on the way.` : ''}`,
    stillOpen: () => 'The packet is still under way; wait longer with --timeout.',
    selectorFindsNoPod: ({ service, selector }) =>
      `Service ${service} has no endpoints: no pod of its namespace has the labels ${selector}. With nothing to send it to, the rules reject the packet.`,
    podsNotReady: ({ service, pods }) =>
      `Service ${service} has no ready endpoints: ${pods.join('; ')}. Only ready pods get traffic.`,
    serviceWithoutSelector: ({ service }) =>
      `Service ${service} has no selector, so nobody fills in its endpoints; an EndpointSlice for it has to be written by hand.`,
    portNameUnknown: ({ service, port, pods }) =>
      `Service ${service} sends to the port named ${port}, but ${pods.join(', ')} ${pods.length === 1 ? 'has' : 'have'} no container port of that name.`,
    noEndpoints: ({ service }) => `Service ${service} has no endpoints that could take the packet.`,
    noLocalEndpoint: ({ service, node, nodes }) =>
      `Service ${service} takes only endpoints on the node that the packet comes to (traffic policy Local). ${node} has none${nodes.length > 0 ? `; there are some on ${nodes.join(', ')}` : ''}.`,
    portNotInService: ({ service, port, ports }) =>
      `Service ${service} has no port ${port}; it has ${ports.join(', ')}. Only packets for those ports are sent on to a pod.`,
    insideOnly: ({ service, address, place }) =>
      `${address}, the address of Service ${service}, exists only in rules on the nodes. ${place} stands outside of the cluster and has no such rules. From there, ask a NodePort or a load balancer's address.`,
    pingToService: ({ service, address }) =>
      `${address} is the address of Service ${service}. Only packets for its ports are sent on to a pod, and an echo request has no port. Try a port of the Service instead.`,
    nobodyListens: ({ place, port, listening, service }) =>
      `The packet reached ${place}, where nobody listens on port ${port}${listening.length > 0 ? `; listening: ${listening.join(', ')}` : ''}.${service ? ` Check targetPort of Service ${service}.` : ''} The kernel there turned it away at once.`,
    listensElsewhere: ({ place, address, port, at }) =>
      `The packet reached ${place} for ${address}, but port ${port} is open only at ${at.join(', ')}. The kernel there turned it away at once.`,
    addressTwice: ({ place, address, pods }) =>
      `The packet reached ${place}, which turned it away. The address ${address} belongs to several pods: ${pods.join(', ')}. Nodes that hand out the same addresses cannot reach each other's pods.`,
    policyDrops: ({ place, direction, pod, policies }) =>
      `A network policy stopped it on ${place}. ${pod && policies.length > 0 ? `${policies.length === 1 ? 'Policy' : 'Policies'} ${policies.join(', ')} ${policies.length === 1 ? 'selects' : 'select'} ${pod}${direction ? ` for ${direction}` : ''}, and no rule allows this packet.` : 'No rule of the policies allows this packet.'} Dropped packets get no answer: the sender only sees time pass.`,
    ruleDrops: ({ place }) =>
      `A rule on ${place} drops it. Dropped packets get no answer: the sender only sees time pass.`,
    ruleRejects: ({ place }) => `A rule on ${place} rejects it, and says so to the sender.`,
    noRoute: ({ place, address }) => `${place} has no route to ${address}.`,
    routeSwallows: ({ place, address }) => `${place} has a route to ${address} that drops all packets without a word.`,
    routeRefuses: ({ place, address }) => `${place} has a route to ${address} that refuses all packets.`,
    forwardingOff: ({ place }) =>
      `${place} got a packet that is not for itself, and does not forward: net.ipv4.ip_forward is 0.`,
    neighbourSilent: ({ place, address, owner }) =>
      `${place} asked the link for ${address}, and nobody answered.${owner ? ` The address belongs to ${owner}: it is not on that link.` : ' No machine or pod has this address.'}`,
    tooLong: ({ place, mtu }) =>
      `The packet is longer than the next link takes (${mtu}) and must not be cut into pieces, so ${place} drops it.`,
    interfaceDown: ({ place, device }) => `Interface ${device} of ${place} is down.`,
    untrueAddress: ({ place }) =>
      `${place} does not believe the addresses of the packet: they cannot come in that way.`,
    tunnelKnowsNoWay: ({ place, device }) =>
      `The tunnel ${device} of ${place} does not know behind which node the address is: it has no forwarding entry.`,
    noTunnel: ({ place }) => `A tunnelled packet came to ${place}, which has no tunnel for it.`,
    expired: ({ place }) =>
      `On ${place} the time to live ran out: the packet went in a circle, or the way is longer than its time to live.`,
    tableFull: ({ place }) =>
      `The connection table of ${place} is full (net.netfilter.nf_conntrack_max): no new connection fits in.`,
    lostOnLine: ({ place, device }) =>
      `It was lost on the line behind ${device} of ${place}: tc makes that line lose packets.`,
    otherDrop: ({ place, decision }) => `It was dropped on ${place}: ${decision}.`,
    lostAfter: ({ place, device }) =>
      `It was last seen on ${place}${device ? `, ${device}` : ''}; nobody took it up from there.`,
    datagramUnanswered: ({ place }) =>
      `The datagram arrived at ${place}, and a program took it. UDP itself never answers: only the program could, and it did not.`,
    requestUnanswered: ({ place }) => `The packet arrived at ${place}, but no answer was sent.`,
    nameUnknown: ({ name, tried, servers }) =>
      `There is no name ${name}, says ${servers.join(', ')}. Tried: ${tried.join(', ')}.`,
    nameServerSilent: ({ name, servers }) =>
      `The name ${name} could not be looked up: ${servers.join(', ')} did not answer. The path above is that of the question.`,
    protocolMissing: ({ protocol }) => `${protocol} is not simulated here.`,
  },
  mistake: {
    noCommand: () => 'what to do? The command is: trace',
    unknownCommand: ({ word }) => `unknown command "${word}"; there is: trace`,
    fromMissing: () => 'who sends? FROM and TO are missing',
    toMissing: () => 'to whom? TO is missing',
    tooMany: ({ word }) => `one FROM and one TO, please: "${word}" is too much`,
    serviceSendsNothing: ({ word }) => `${word}: a Service sends nothing by itself; name a pod, a node or lab`,
    notFound: ({ what, name, namespace }) =>
      `there is no ${what} "${name}"${namespace === undefined ? '' : ` in namespace "${namespace}"`}`,
    unknownKind: ({ word }) => `"${word}": known are pod/, svc/, deploy/, rs/, sts/, ds/ and node/`,
    badPort: ({ word }) => `"${word}" is neither a port number (1–65535) nor the name of a port`,
    portNameUnknown: ({ word, target }) => `${target} has no port named "${word}"`,
    noAddress: ({ target, status }) => `${target} has no address yet (${status})`,
    noPods: ({ target }) => `${target} has no running pod`,
    headless: ({ target }) => `${target} is headless: it has no address of its own; ask for its name or for a pod`,
    noNetwork: ({ target }) => `${target} has no network yet: it cannot send`,
    onlyAName: ({ target, name }) =>
      `${target} is only another name for ${name}: ask for that, or for the Service's DNS name`,
    nobodyLooksUp: ({ target, name }) =>
      `no container of ${target} runs, so nobody there can look up "${name}"; name an address, a pod or svc/NAME`,
    onlyOneProtocol: () => 'only one of --udp, --icmp and --sctp, please',
    badOutput: ({ word }) => `unknown output "${word}"; there are text and json`,
    badLanguage: ({ word }) => `unknown language "${word}"; there are ko and en`,
    badTime: ({ word }) => `"${word}" is no number of seconds above 0`,
    pingHasNoPort: () => 'an echo request has no port: leave out the port or --icmp',
  },
}
