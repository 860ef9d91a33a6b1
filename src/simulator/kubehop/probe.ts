import type { Process } from '../machine/program.ts'
import {
  dnsQuery,
  ResolveError,
  type ResolveErrorCode,
  type ResolverSettings,
  readResolverSettings,
  resolveHost,
  usesMusl,
} from '../machine/resolver.ts'
import { ownerOf } from '../machine/socketOwner.ts'
import { dnsTypes, encodeDns } from '../network/dns.ts'
import type { NetworkNamespace } from '../network/namespace.ts'
import { SocketError } from '../network/socketError.ts'
import type { TraceRecord } from '../network/trace.ts'
import type { Destination } from './destination.ts'
import type { Position } from './traceWorld.ts'

/** What programs that answer to UDP are asked: agnhost says it back. */
const question = new TextEncoder().encode('echo kubehop\n')
const nameServerPort = 53

/**
 * Sends what opens a conversation from a network and waits for what comes back, a number of milliseconds at most.
 * Gives the story of the trace that it made; none when no packet could leave.
 */
export async function probe(
  process: Process,
  network: NetworkNamespace,
  destination: Destination,
  patience: number,
): Promise<number | undefined> {
  const { trace } = network.network
  const before = trace.flows().at(-1) ?? 0
  const wasOn = trace.isOn
  trace.isOn = true
  const send = { icmp: ping, udp: ask, tcp: connect, sctp: associate }[destination.protocol]
  await send(process, network, destination, patience)
  trace.isOn = wasOn
  const isOwn = (record: TraceRecord) =>
    record.kind === 'send' &&
    record.decision === `by ${ownerOf(process).program}` &&
    record.networkNamespace === network.name &&
    record.machine === network.machine
  return trace.flows().find(flow => flow > before && trace.flow(flow).some(isOwn))
}

async function connect(
  process: Process,
  { sockets }: NetworkNamespace,
  { address, port }: Destination,
  patience: number,
): Promise<void> {
  await process.waitFor<true>(patience, wake => {
    const end = () => wake(true)
    const connection = sockets.connectTcp({
      address,
      port,
      owner: ownerOf(process),
      onOpen: opened => {
        opened.close()
        end()
      },
      onError: end,
    })
    process.onExit(() => connection.close())
  })
}

async function associate(
  process: Process,
  { sockets }: NetworkNamespace,
  { address, port }: Destination,
  patience: number,
): Promise<void> {
  await process.waitFor<true>(patience, wake => {
    const end = () => wake(true)
    const association = sockets.sctp.connect({
      address,
      port,
      owner: ownerOf(process),
      onOpen: opened => {
        opened.close()
        end()
      },
      onError: end,
    })
    process.onExit(() => association.close())
  })
}

async function ask(
  process: Process,
  { sockets }: NetworkNamespace,
  { address, port }: Destination,
  patience: number,
): Promise<void> {
  await process.waitFor<true>(patience, wake => {
    const end = () => wake(true)
    const socket = sockets.bindUdp({ port: 0, owner: ownerOf(process), onDatagram: end, onError: end })
    process.onExit(() => socket.close())
    const bytes =
      port === nameServerPort ? encodeDns(dnsQuery(1, 'kubernetes.default.svc.cluster.local.', dnsTypes.A)) : question
    attempt(() => socket.sendTo(bytes, address, port), end)
  })
}

async function ping(
  process: Process,
  { sockets }: NetworkNamespace,
  { address }: Destination,
  patience: number,
): Promise<void> {
  await process.waitFor<true>(patience, wake => {
    const end = () => wake(true)
    const socket = sockets.openIcmp({ owner: ownerOf(process), onReply: end, onError: end })
    process.onExit(() => socket.close())
    attempt(() => socket.sendEcho({ destination: address, sequence: 1 }), end)
  })
}

/** A call that the kernel refuses is over at once. */
function attempt(call: () => void, end: () => void): void {
  try {
    call()
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    end()
  }
}

/** What a name was looked up to, or why it was not, and how the place looks names up. */
export interface LookUp {
  readonly answer: number | ResolveErrorCode
  readonly settings: ResolverSettings
  readonly isMusl: boolean
}

/** Looks a name up as the programs at a position would: with their /etc/resolv.conf, from their network. */
export async function lookUp(
  process: Process,
  { network, machine = process.machine }: Position,
  name: string,
): Promise<LookUp> {
  return process.wait<LookUp>((wake, fail) => {
    const lookup = machine.start({
      argv: ['kubehop'],
      network,
      terminal: null,
      program: {
        name: 'kubehop',
        summary: 'looks a name up',
        async run(asking) {
          const rest = { settings: readResolverSettings(asking), isMusl: usesMusl(asking) }
          try {
            wake({ answer: (await resolveHost(asking, name, 4)).addresses[0]!, ...rest })
          } catch (error) {
            if (error instanceof ResolveError) wake({ answer: error.code, ...rest })
            else fail(error)
          }
          return 0
        },
      },
    })
    lookup.onExit(() => wake({ answer: 'EAI_AGAIN', settings: readResolverSettings(process), isMusl: false }))
  })
}
