import { KubeconfigFiles } from '../kubectl/config/kubeconfig.ts'
import type { Process } from '../machine/program.ts'
import { searchList } from '../machine/resolver.ts'
import { formatIpv4 } from '../network/address.ts'
import { type PacketPath, type PacketPlace, pathOf } from '../packetPath.ts'
import type { Cause } from './cause.ts'
import { type Destination, destinationOf, type Protocol, textOf } from './destination.ts'
import { causeOf } from './diagnose.ts'
import { lookUp, probe } from './probe.ts'
import { Refusal } from './refusal.ts'
import { placeOfTarget, readReceiver, readSender, type Target } from './target.ts'
import type { Position, TraceWorld } from './traceWorld.ts'

/** What the network is asked. */
export interface Request {
  readonly from: string
  readonly to: string
  /** Absent means the current context's. */
  readonly namespace: string | undefined
  /** Absent means what the target speaks. */
  readonly protocol: Protocol | undefined
  /** Milliseconds. */
  readonly patience: number
  readonly nameOf: (place: PacketPlace) => string
}

/** A name that was looked up on the way. */
export interface FoundName {
  readonly name: string
  readonly address: string
  /** None were asked for a name that stands in /etc/hosts. */
  readonly servers: readonly string[]
}

/** What the network answered. */
export interface Answer {
  readonly from: string
  readonly to: string
  readonly protocol: Protocol
  readonly found: FoundName | undefined
  /** Undefined when no packet left. */
  readonly path: PacketPath | undefined
  readonly cause: Cause
  /** Why the question for a name got no answer. */
  readonly deeper?: Cause
}

/** Sends a packet from one place of the lab to another and reads its path from the trace. Throws `Refusal`. */
export async function trace(process: Process, world: TraceWorld, request: Request): Promise<Answer> {
  const { client } = world
  const namespace = request.namespace ?? namespaceOf(process)
  const from = readSender(client, namespace, request.from)
  const to = readReceiver(client, namespace, request.to)
  const sender = placeOfTarget(from)!
  const position = world.positionOf(sender)
  if (!position) throw new Refusal({ kind: 'noNetwork', target: textOf(from) })
  const ends = { from: textOf(from), to: request.to }
  let found: FoundName | undefined
  let address: number | undefined
  if (to.target.kind === 'name') {
    if (!position.machine) throw new Refusal({ kind: 'nobodyLooksUp', target: textOf(from), name: to.target.name })
    const answer = await nameAnswer(process, world, sender, position, to.target, request)
    if ('cause' in answer) return { ...ends, found: undefined, ...answer }
    address = answer.address
    found = { name: to.target.name, address: formatIpv4(address), servers: answer.servers }
  }
  const destination = destinationOf(world, to, request.protocol, address)
  const ended = { ...ends, to: textWithPort(destination), protocol: destination.protocol, found }
  const flow = await probe(process, position.network, destination, request.patience)
  const path = pathOfFlow(process, world, flow)
  const cause = causeOf({ world, sender, destination, nameOf: request.nameOf }, path)
  return { ...ended, path, cause }
}

/** The address of a name, or why there is none. */
async function nameAnswer(
  process: Process,
  world: TraceWorld,
  sender: PacketPlace,
  position: Position,
  { name }: Extract<Target, { kind: 'name' }>,
  request: Request,
): Promise<{ address: number; servers: readonly string[] } | Pick<Answer, 'protocol' | 'path' | 'cause' | 'deeper'>> {
  const { trace } = process.network.network
  const before = trace.flows().at(-1) ?? 0
  const { answer, settings, isMusl } = await lookUp(process, position, name)
  const { network } = position
  const flow = trace
    .flows()
    .find(
      each =>
        each > before &&
        trace
          .flow(each)
          .some(
            ({ kind, networkNamespace, machine }) =>
              kind === 'send' && networkNamespace === network.name && machine === network.machine,
          ),
    )
  const servers = settings.servers.map(server => formatIpv4(server))
  // No question leaves for a name that stands in /etc/hosts.
  if (typeof answer === 'number') return { address: answer, servers: flow === undefined ? [] : servers }
  const protocol = request.protocol ?? 'tcp'
  if (answer === 'EAI_NONAME' || answer === 'EAI_NODATA') {
    const tried = searchList(name, settings, isMusl).map(each => each.replace(/\.$/, ''))
    return { protocol, path: undefined, cause: { kind: 'nameUnknown', name, tried, servers } }
  }
  const path = pathOfFlow(process, world, flow)
  const target = { target: { kind: 'address', address: servers[0]! }, port: '53' } as const
  const question = {
    world,
    sender,
    destination: destinationOf(world, target, 'udp', undefined),
    nameOf: request.nameOf,
  }
  return { protocol: 'udp', path, cause: { kind: 'nameServerSilent', name, servers }, deeper: causeOf(question, path) }
}

function pathOfFlow(process: Process, world: TraceWorld, flow: number | undefined): PacketPath | undefined {
  if (flow === undefined) return undefined
  const placeOf = (machine: string, networkNamespace: string) => world.placeOf(machine, networkNamespace)
  return pathOf(flow, process.network.network.trace.flow(flow), placeOf, { isDetailed: true })
}

function textWithPort(destination: Destination): string {
  return `${textOf(destination.target)}${destination.port ? `:${destination.port}` : ''}`
}

/** The namespace that commands mean when they name none. */
function namespaceOf(process: Process): string {
  const { contexts, currentContext } = new KubeconfigFiles(process, '').load()
  const { namespace } = contexts.get(currentContext) ?? {}
  return typeof namespace === 'string' && namespace !== '' ? namespace : 'default'
}
