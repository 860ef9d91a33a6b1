import { formatIpv4, parseIpv4 } from '../../network/address.ts'
import {
  type BalancedCounters,
  type BalancedProtocol,
  Destination,
  type Scheduler,
  schedulers,
  VirtualService,
} from '../../network/ipvs/virtualService.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import { type Arguments, defineProgram } from '../options.ts'
import type { Process } from '../program.ts'

/** A command line that ipvsadm refuses. */
class Refusal extends Error {
  readonly status: number

  constructor(message: string, status = 2) {
    super(message)
    this.status = status
  }
}

const options = [
  { short: 'A', long: 'add-service', help: 'add virtual service with options' },
  { short: 'E', long: 'edit-service', help: 'edit virtual service with options' },
  { short: 'D', long: 'delete-service', help: 'delete virtual service' },
  { short: 'C', long: 'clear', help: 'clear the whole table' },
  { short: 'a', long: 'add-server', help: 'add real server with options' },
  { short: 'e', long: 'edit-server', help: 'edit real server with options' },
  { short: 'd', long: 'delete-server', help: 'delete real server' },
  { short: 'L', long: 'list', help: 'list the table' },
  { short: 'l', help: 'list the table' },
  { short: 'S', long: 'save', help: 'save rules to stdout' },
  { short: 'Z', long: 'zero', help: 'zero counters in a service or all services' },
  { long: 'set', help: 'set connection timeout values' },
  { short: 't', long: 'tcp-service', value: 'service-address', help: 'service-address is host[:port]' },
  { short: 'u', long: 'udp-service', value: 'service-address', help: 'service-address is host[:port]' },
  { short: 's', long: 'scheduler', value: 'scheduler', help: `one of ${schedulers.join('|')}` },
  { short: 'p', long: 'persistent', help: 'persistent service, with a timeout in seconds' },
  { short: 'r', long: 'real-server', value: 'server-address', help: 'server-address is host (and port)' },
  { short: 'm', long: 'masquerading', help: 'masquerading (NAT)' },
  { short: 'w', long: 'weight', value: 'weight', help: 'capacity of real server' },
  { short: 'c', long: 'connection', help: 'output of current IPVS connections' },
  { long: 'timeout', help: 'output of timeout (tcp tcpfin udp)' },
  { long: 'stats', help: 'output of statistics information' },
  { short: 'n', long: 'numeric', help: 'numeric output of addresses and ports' },
] as const

type Given = Arguments<'l' | Extract<(typeof options)[number], { long: string }>['long']>

/** Shows and changes the kernel's load balancer. */
// Simplified: addresses and ports are always shown as numbers.
export const ipvsadm = defineProgram({
  name: 'ipvsadm',
  summary: 'Linux Virtual Server administration',
  usage: '[command] [options]',
  package: 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)',
  usageStatus: 2,
  options,
  notSimulated:
    '-R --restore --start-daemon --stop-daemon --daemon --rate --thresholds --persistent-conn --sort --nosort --exact -f --fwmark-service --sctp-service -M --netmask -g --gatewaying -i --ipip -x --u-threshold -y --l-threshold -o --ops -b --sched-flags -6 --ipv6 --pe --tun-type',
  async run(process, args) {
    if (!mayAdministerNetwork(process.user)) {
      await process.stderr.write("Can't initialize ipvs: Permission denied (you must be root)\n")
      return 255
    }
    try {
      const output = perform(process, args)
      if (output.length > 0) await process.write(`${output.join('\n')}\n`)
      return 0
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await process.stderr.write(`${error.message}\n`)
      return error.status
    }
  },
})

function perform(process: Process, args: Given): string[] {
  const { ipvs } = process.network
  const command = args.last(
    'add-service',
    'edit-service',
    'delete-service',
    'clear',
    'add-server',
    'edit-server',
    'delete-server',
    'list',
    'l',
    'save',
    'zero',
    'set',
  )
  switch (command) {
    case undefined:
    case 'list':
    case 'l':
      return list(process, args)
    case 'save':
      return ipvs.services.flatMap(saved)
    case 'clear':
      ipvs.clear()
      return []
    case 'zero':
      ipvs.zero(hasService(args) ? knownService(process, args) : undefined)
      return []
    case 'set':
      setTimeouts(process, args.operands)
      return []
    case 'add-service':
      if (!ipvs.add(newService(args))) throw new Refusal('Service already exists', 255)
      return []
    case 'edit-service': {
      const service = knownService(process, args)
      service.scheduler = schedulerOf(args)
      service.persistence = persistenceOf(args)
      return []
    }
    case 'delete-service':
      ipvs.remove(knownService(process, args))
      return []
    case 'add-server':
    case 'edit-server':
    case 'delete-server':
      changeServer(knownService(process, args), args, command)
      return []
  }
}

function changeServer(service: VirtualService, args: Given, command: string): void {
  const server = args.get('real-server')
  if (server === undefined) throw new Refusal("You need to supply the 'real-server' option for the command")
  const { address, port } = readAddress(server, service.port)
  const weight = readNumber(args.get('weight') ?? '1', 'weight', 65535)
  const known = service.find(address, port)
  if (command === 'add-server') {
    if (!args.has('masquerading'))
      throw new Refusal('ipvsadm: direct routing is not simulated here: try -m (masquerading)', 1)
    if (!service.add(new Destination(address, port, weight))) throw new Refusal('Destination already exists', 255)
    return
  }
  if (!known) throw new Refusal('No such destination', 255)
  if (command === 'delete-server') service.remove(known)
  else service.setWeight(known, weight)
}

function hasService(args: Given): boolean {
  return args.has('tcp-service') || args.has('udp-service')
}

function serviceAddress(args: Given): { protocol: BalancedProtocol; address: number; port: number } {
  const tcp = args.get('tcp-service')
  const text = tcp ?? args.get('udp-service')
  if (text === undefined) throw new Refusal("You need to supply the 'service-address' option for the command")
  return { protocol: tcp === undefined ? 'udp' : 'tcp', ...readAddress(text, 0) }
}

function newService(args: Given): VirtualService {
  const { protocol, address, port } = serviceAddress(args)
  return new VirtualService(protocol, address, port, schedulerOf(args), persistenceOf(args))
}

function knownService(process: Process, args: Given): VirtualService {
  const { protocol, address, port } = serviceAddress(args)
  const service = process.network.ipvs.find(protocol, address, port)
  if (!service) throw new Refusal('No such service', 255)
  return service
}

function schedulerOf(args: Given): Scheduler {
  const name = args.get('scheduler') ?? 'wlc'
  const found = schedulers.find(each => each === name)
  if (!found) throw new Refusal(`ipvsadm: scheduler ${name} is not simulated here: try ${schedulers.join(', ')}`, 1)
  return found
}

/** `-p` may be followed by seconds; without them it is five minutes. */
function persistenceOf(args: Given): number | undefined {
  if (!args.has('persistent')) return undefined
  return readNumber(args.operands[0] ?? '300', 'timeout', 86400 * 31)
}

function readAddress(text: string, port: number): { address: number; port: number } {
  const [host = '', given] = text.split(':')
  const address = parseIpv4(host)
  const number = given === undefined ? port : Number(given)
  if (address === undefined || !Number.isInteger(number) || number < 0 || number > 65535)
    throw new Refusal(`illegal ${port === 0 ? 'virtual server' : 'real server'} address[:port] specified`)
  return { address, port: number }
}

function readNumber(text: string, what: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value <= most)) throw new Refusal(`illegal ${what} specified`)
  return value
}

/** Zero leaves a timeout as it is. */
function setTimeouts(process: Process, operands: readonly string[]): void {
  if (operands.length !== 3) throw new Refusal('--set option requires 3 timeout values')
  const [tcp, fin, udp] = operands.map(text => readNumber(text, 'timeout', 86400 * 31)) as [number, number, number]
  process.network.ipvs.setTimeouts({
    ...(tcp > 0 && { ESTABLISHED: tcp }),
    ...(fin > 0 && { FIN_WAIT: fin }),
    ...(udp > 0 && { UDP: udp }),
  })
}

function list(process: Process, args: Given): string[] {
  const { ipvs } = process.network
  if (args.has('timeout')) {
    const { ESTABLISHED, FIN_WAIT, UDP } = ipvs.timeouts
    return [`Timeout (tcp tcpfin udp): ${ESTABLISHED} ${FIN_WAIT} ${UDP}`]
  }
  if (args.has('connection')) return listConnections(process)
  // What has timed out does not count.
  ipvs.connections()
  const services = hasService(args) ? [knownService(process, args)] : ipvs.services
  const sorted = [...services].sort(
    (a, b) => a.protocol.localeCompare(b.protocol) || a.address - b.address || a.port - b.port,
  )
  const lines = hasService(args) ? [] : ['IP Virtual Server version 1.2.1 (size=4096)']
  if (args.has('stats'))
    return [
      ...lines,
      'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes',
      '  -> RemoteAddress:Port',
      ...sorted.flatMap(service => [
        statistics(titleOf(service), service.counters),
        ...service.destinations.map(({ text, counters }) => statistics(`  -> ${text}`, counters)),
      ]),
    ]
  return [
    ...lines,
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
    ...sorted.flatMap(service => [
      `${titleOf(service)} ${service.scheduler}${service.persistence === undefined ? '' : ` persistent ${service.persistence}`}`,
      ...service.destinations.map(
        ({ text, weight, active, inactive }) =>
          `  -> ${text.padEnd(28)} ${'Masq'.padEnd(7)} ${String(weight).padEnd(6)} ${String(active).padEnd(10)} ${String(inactive).padEnd(10)}`,
      ),
    ]),
  ]
}

function titleOf({ protocol, text }: VirtualService): string {
  return `${protocol.toUpperCase().padEnd(4)} ${text}`
}

function statistics(title: string, counters: BalancedCounters): string {
  const { connections, inPackets, outPackets, inBytes, outBytes } = counters
  const numbers = [connections, inPackets, outPackets, inBytes, outBytes].map(number => largeNumber(number).padStart(8))
  return `${title.padEnd(33)} ${numbers.join(' ')}`
}

/** Numbers of more than eight digits are shortened, as ipvsadm does. */
function largeNumber(value: number): string {
  if (value < 100_000_000) return String(value)
  if (value < 100_000_000_000) return `${Math.floor(value / 1000)}K`
  return `${Math.floor(value / 1_000_000)}M`
}

function listConnections(process: Process): string[] {
  const { ipvs } = process.network
  const { now } = process.kernel.clock
  const line = (protocol: string, expiresAt: number, state: string, ...ends: readonly string[]) => {
    const seconds = Math.max(0, Math.ceil((expiresAt - now) / 1000))
    const expire = [Math.floor(seconds / 60), seconds % 60].map(part => String(part).padStart(2, '0')).join(':')
    const [source = '', virtual = '', destination = ''] = ends
    return `${protocol.toUpperCase().padEnd(3)} ${expire.padEnd(6)} ${state.padEnd(11)} ${source.padEnd(18)} ${virtual.padEnd(18)} ${destination}`
  }
  return [
    'IPVS connection entries',
    'pro expire state       source             virtual            destination',
    ...ipvs
      .connections()
      .map(({ request, state, expiresAt, service, destination }) =>
        line(
          request.protocol,
          expiresAt,
          state,
          `${formatIpv4(request.source)}:${request.sourcePort}`,
          service.text,
          destination.text,
        ),
      ),
    ...ipvs
      .templates()
      .map(({ client, service, destination, expiresAt }) =>
        line(service.protocol, expiresAt, 'NONE', `${formatIpv4(client)}:0`, service.text, destination.text),
      ),
  ]
}

/** Lines that `ipvsadm -R` reads. */
function saved(service: VirtualService): string[] {
  const name = `-${service.protocol === 'udp' ? 'u' : 't'} ${service.text}`
  const persistence = service.persistence === undefined ? '' : ` -p ${service.persistence}`
  return [
    `-A ${name} -s ${service.scheduler}${persistence}`,
    ...service.destinations.map(({ text, weight }) => `-a ${name} -r ${text} -m -w ${weight}`),
  ]
}
