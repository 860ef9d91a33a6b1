import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { guideWithNotes, type NoteCommand, readNotes } from '../src/cli/author/notes.ts'
import { compareTranscripts } from '../src/cli/canonical.ts'
import { findLesson, readFolder, readLesson } from '../src/cli/content.ts'
import { labOfTranscript, playFresh } from '../src/cli/play.ts'
import { parseTranscript } from '../src/cli/transcript.ts'

/** The chance with which these sessions were made. */
const notesSeed = 9

// Sessions of the lab itself, unlike tests/transcripts, where a real cluster answered.
const root = 'tests/notes'
const recorded = 'tests/transcripts'

/** What one of the five notes says of how packets travel, in our words, and the sessions that show it or its opposite. */
interface Claim {
  readonly note: '000' | '001' | '002' | '003' | '004'
  readonly says: string
  /** Where a note errs: what is true instead. */
  readonly truth?: string
  /** Names in this folder, or `folder/name` of a recording. */
  readonly shownBy: readonly string[]
}

const claims: readonly Claim[] = [
  {
    note: '000',
    says: 'every pod has an address of its own by which the others reach it',
    shownBy: ['one-node', 'across-nodes'],
  },
  {
    note: '000',
    says: 'pods of one node talk over localhost',
    truth: 'localhost ends at the pod; the way is a cable to the node and a bridge',
    shownBy: ['localhost-is-per-pod', 'one-node'],
  },
  { note: '000', says: 'virtual cables carry packets between pods of a node', shownBy: ['one-node'] },
  {
    note: '000',
    says: 'between nodes a network plugin carries them, over a network on top of the network',
    shownBy: ['across-nodes', 'mesh-of-weave', 'calico-ipip'],
  },
  { note: '000', says: 'pod addresses lead nowhere outside of the cluster', shownBy: ['ways-in', 'way-out'] },
  {
    note: '000',
    says: 'a Service has a name that resolves to an address that stays',
    shownBy: ['service-address', 'pods-come-and-go'],
  },
  { note: '000', says: 'a Service spreads requests over its pods', shownBy: ['service-address'] },
  {
    note: '000',
    says: 'policies decide by address, port and protocol who may talk to whom',
    truth: 'only where the network plugin asks them',
    shownBy: ['policy-with-weave', 'policy-with-calico', 'policy-with-cilium', 'policy-without-effect'],
  },
  {
    note: '000',
    says: 'Services of type LoadBalancer or NodePort let pods reach what is outside',
    truth: 'they let clients in; the way out is a route and a source address that is hidden behind the node',
    shownBy: ['way-out', 'ways-in'],
  },
  {
    note: '000',
    says: 'an Ingress leads requests from outside to pods',
    truth: 'only where a controller carries it out',
    shownBy: ['ways-in'],
  },
  { note: '000', says: 'a service mesh protects and steers what pods say to each other', shownBy: ['mesh'] },
  {
    note: '000',
    says: 'the example Service leads to pod-a',
    truth: 'pod-a lacks the label that the Service selects',
    shownBy: ['seeds/guide-service-without-endpoints', 'seeds/guide-placeholder-image'],
  },
  { note: '001', says: 'pods and nodes are on different networks', shownBy: ['one-node'] },
  {
    note: '001',
    says: 'without a plugin that joins the nodes only pods of one node reach each other',
    shownBy: ['colliding-ranges', 'packets/bridge-without-overlay', 'packets/node-without-cni'],
  },
  {
    note: '001',
    says: 'containers of a pod share one address and are told apart by ports',
    shownBy: ['localhost-is-per-pod', 'seeds/containers-share-localhost'],
  },
  { note: '001', says: 'pods of one node meet at a bridge', shownBy: ['one-node'] },
  {
    note: '001',
    says: 'docker0 hands out 172.10.x.x',
    truth: 'its usual range is 172.17.0.0/16',
    shownBy: ['colliding-ranges'],
  },
  {
    note: '001',
    says: 'pods of two nodes may get the same address',
    shownBy: ['colliding-ranges', 'packets/bridge-without-overlay'],
  },
  {
    note: '001',
    says: 'an overlay lets all pods talk, on whichever node they are',
    shownBy: ['across-nodes', 'mesh-of-weave'],
  },
  {
    note: '001',
    says: 'Kubernetes brings kubenet',
    truth: 'until 1.24; what it did were a bridge for each node and plain routes',
    shownBy: ['plain-routes'],
  },
  {
    note: '001',
    says: "flannel's packets go through cni0, flannel.1 and the node's own interface",
    shownBy: ['across-nodes', 'packets/pod-to-pod'],
  },
  {
    note: '001',
    says: 'Calico carries packets without wrapping them',
    truth: 'if it is told so; else they travel in IP packets or in VXLAN',
    shownBy: ['calico-routes', 'calico-ipip'],
  },
  {
    note: '001',
    says: 'Cilium decides in the kernel, by programs',
    shownBy: ['cilium-datapath', 'policy-with-cilium'],
  },
  { note: '001', says: 'Multus lets a pod have interfaces of several plugins', shownBy: ['second-interface'] },
  { note: '001', says: 'Services have addresses from a range of their own', shownBy: ['service-address'] },
  { note: '001', says: 'no interface and no route shows the address of a Service', shownBy: ['service-address'] },
  {
    note: '001',
    says: 'a client asks DNS for the address of a Service and sends its request there',
    shownBy: ['service-address'],
  },
  {
    note: '001',
    says: 'a packet to a Service goes to the gateway and is translated there',
    truth:
      'the node of the sender translates it before it is routed; what leaves the node has a pod for its destination',
    shownBy: ['service-address', 'packets/pod-to-service'],
  },
  {
    note: '001',
    says: 'the server has one address in the text and another in the figure',
    truth: 'a pod has one address',
    shownBy: ['service-address'],
  },
  { note: '001', says: 'a node port leads in by the address of a node', shownBy: ['ways-in'] },
  { note: '001', says: 'a load balancer comes from the cloud', shownBy: ['ways-in'] },
  { note: '001', says: 'an Ingress is a rule, and its controller does the work', shownBy: ['ways-in'] },
  {
    note: '002',
    says: 'pods share one network',
    truth: 'every pod has a network namespace; what they share is a space of addresses',
    shownBy: ['one-node', 'localhost-is-per-pod'],
  },
  { note: '002', says: 'containers of a pod talk over localhost', shownBy: ['localhost-is-per-pod'] },
  { note: '002', says: 'pods of one node talk over interfaces of that node', shownBy: ['one-node'] },
  {
    note: '002',
    says: 'pods of other nodes are reached by routes that the plugin has set up',
    shownBy: ['across-nodes', 'plain-routes'],
  },
  {
    note: '002',
    says: 'a pod that is replaced gets another address, a Service keeps its own',
    shownBy: ['pods-come-and-go'],
  },
  { note: '002', says: 'one pod asks another by address and port', shownBy: ['one-node', 'across-nodes'] },
  { note: '002', says: 'the plugin hands out addresses and connects pods', shownBy: ['one-node', 'second-interface'] },
  { note: '003', says: 'a pod pings another by its address', shownBy: ['seeds/sleep-ping', 'ping-a-service'] },
  { note: '003', says: 'addresses of pods are good on every node', shownBy: ['across-nodes'] },
  { note: '003', says: 'a Service finds its pods by their labels', shownBy: ['pods-come-and-go'] },
  {
    note: '003',
    says: 'the ping of a Service fails because Services carry TCP and UDP only',
    truth: 'they carry SCTP as well; no rule is about ICMP, and the packet leaves for the gateway',
    shownBy: ['ping-a-service'],
  },
  {
    note: '004',
    says: 'a node port opens on every node, wherever the pods are',
    shownBy: ['ways-in', 'seeds/service-types'],
  },
  { note: '004', says: 'a NodePort Service has a cluster address as well', shownBy: ['ways-in'] },
  { note: '004', says: 'node ports come from 30000 to 32767', shownBy: ['ways-in'] },
  { note: '004', says: 'a cluster address cannot be reached from outside', shownBy: ['ways-in'] },
  {
    note: '004',
    says: 'a LoadBalancer Service has a node port and a cluster address, and waits for its own',
    shownBy: ['ways-in', 'seeds/service-types'],
  },
  {
    note: '004',
    says: 'the Service selects pods with another label than those in the figure have',
    truth: 'then it leads nowhere',
    shownBy: ['pods-come-and-go', 'seeds/service-types'],
  },
]

const sessions = readdirSync(root)
  .filter(name => name.endsWith('.txt'))
  .sort()

describe('sessions of the lab that show how packets travel', () => {
  test.each(sessions)(
    '%s',
    async name => {
      const session = parseTranscript(readFileSync(join(root, name), 'utf8'))
      const files = session.files ? readFolder(join(root, session.files)) : {}
      const { played } = await playFresh(session, labOfTranscript(session, files), notesSeed)
      const different = compareTranscripts(session, played).filter(result => !result.isEqual)
      expect(different.map(({ line, run, expected, actual }) => ({ line, run, expected, actual }))).toEqual([])
    },
    20_000,
  )
})

test('every claim of the notes has a session', () => {
  for (const { says, shownBy } of claims) {
    expect(shownBy, says).not.toEqual([])
    for (const name of shownBy) {
      const file = name.includes('/') ? join(recorded, `${name}.txt`) : join(root, `${name}.txt`)
      expect(existsSync(file), `${says}: ${file}`).toBe(true)
    }
  }
  expect(new Set(claims.map(({ note }) => note)).size).toBe(5)
})

test('every session shows something that a note says', () => {
  const used = new Set(claims.flatMap(({ shownBy }) => shownBy))
  expect(sessions.filter(name => !used.has(name.replace(/\.txt$/, '')))).toEqual([])
})

describe("the notes' own commands and manifests stand in stored sessions of lessons", async () => {
  const { commands, claims: told } = readNotes()
  const sessionsOf = new Map<string, NoteCommand[]>()
  for (const command of commands) {
    const key = `${command.lesson} ${command.session}`
    sessionsOf.set(key, [...(sessionsOf.get(key) ?? []), command])
  }

  test.each([...sessionsOf])(
    '%s',
    async (_, wanted) => {
      const [{ lesson, session }] = wanted as [NoteCommand, ...NoteCommand[]]
      const source = findLesson(lesson)
      const transcript = parseTranscript(readFileSync(join(source.folder, session), 'utf8'))
      const { played } = await playFresh(transcript, readLesson(source), notesSeed)
      for (const { what, run, prints } of wanted) {
        const step = played.steps.find(each => 'run' in each && each.run.includes(run))
        const printed = step && 'run' in step ? [...step.stdout, ...step.stderr].join('\n') : undefined
        expect(printed, `${what}: ${run}`).toMatch(new RegExp(prints, 'm'))
      }
    },
    60_000,
  )

  test('every claim on the page has its lesson', () => {
    for (const { lesson } of told) expect(findLesson(lesson).id).toBe(lesson)
    expect(new Set(told.map(({ note }) => note)).size).toBe(5)
  })

  test("the authors' guide shows them", () => {
    expect(readFileSync('content/README.md', 'utf8')).toBe(guideWithNotes())
  })
})
