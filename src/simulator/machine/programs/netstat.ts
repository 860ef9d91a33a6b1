import { formatIpv4, maskOf } from '../../network/address.ts'
import type { SocketEntry } from '../../network/sockets.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { serviceName } from '../services.ts'

/** netstat's names for the states that `ss` shortens. */
const longStates: Readonly<Record<string, string>> = { ESTAB: 'ESTABLISHED', UNCONN: '' }

/** Lists connections, listening ports, routes and interfaces. */
export const netstat = defineProgram({
  name: 'netstat',
  summary: 'print network connections, routing tables, interface statistics',
  usage: '[-ral] [-tuwx] [-en] [-p]',
  package: 'net-tools 2.10',
  busybox: { usage: '[-ral] [-tuwx] [-enWp]', options: 'ralntuwxep' },
  options: [
    { short: 'a', long: 'all', help: 'display all sockets (default: connected)' },
    { short: 'e', long: 'extend', help: 'display other/more information' },
    { short: 'i', long: 'interfaces', help: 'display interface table', only: 'gnu' },
    { short: 'l', long: 'listening', help: 'display listening server sockets' },
    { short: 'n', long: 'numeric', help: "don't resolve names" },
    { short: 'p', long: 'programs', help: 'display PID/Program name for sockets' },
    { short: 'r', long: 'route', help: 'display routing table' },
    { short: 't', long: 'tcp', help: 'TCP sockets' },
    { short: 'u', long: 'udp', help: 'UDP sockets' },
    { short: 'w', long: 'raw', help: 'raw sockets' },
    { short: 'x', long: 'unix', help: 'Unix domain sockets' },
    { short: '4', help: 'IPv4 sockets', only: 'gnu' },
    { short: 'W', long: 'wide', help: "don't truncate IP addresses" },
  ],
  notSimulated: '-s --statistics -g --groups -M --masquerade -c --continuous -o --timers -F --fib -C --cache -v -6 -S',
  async run(process, args) {
    if (args.has('route')) return routes(process, args.has('numeric'))
    if (args.has('interfaces')) return interfaces(process)
    const isNarrowed = args.has('tcp') || args.has('udp') || args.has('raw') || args.has('unix')
    const wanted = (entry: SocketEntry) => {
      if (entry.protocol === 'icmp') return false
      if (isNarrowed && !args.has(entry.protocol)) return false
      if (args.has('4') && entry.isDualStack) return false
      const isServer = entry.state === 'LISTEN' || entry.state === 'UNCONN'
      return args.has('all') || isServer === args.has('listening')
    }
    const which = args.has('all') ? 'servers and established' : args.has('listening') ? 'only servers' : 'w/o servers'
    const program = args.has('programs') ? ' PID/Program name    ' : ''
    let text = `Active Internet connections (${which})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${program}\n`
    for (const protocol of ['tcp', 'udp'] as const) {
      for (const entry of process.network.sockets.list()) {
        if (entry.protocol === protocol && wanted(entry))
          text += line(process, entry, args.has('numeric'), args.has('programs'))
      }
    }
    if (!isNarrowed)
      text += `Active UNIX domain sockets (${which})\nProto RefCnt Flags       Type       State         I-Node   ${args.has('programs') ? 'PID/Program name     ' : ''}Path\n`
    await process.write(text)
    return 0
  },
})

function line(process: Process, entry: SocketEntry, isNumeric: boolean, hasProgram: boolean): string {
  const protocol = entry.protocol === 'udp' ? 'udp' : 'tcp'
  const place = (address: number, port: number) => {
    const host = address === 0 ? (entry.isDualStack ? '::' : '0.0.0.0') : formatIpv4(address)
    const named = isNumeric || port === 0 ? undefined : serviceName(process, port, protocol)
    return `${host}:${port === 0 ? '*' : (named ?? port)}`
  }
  const name = entry.isDualStack ? `${protocol}6` : protocol
  const owner = entry.owner ? `${entry.owner.pid}/${entry.owner.program}` : '-'
  const state = longStates[entry.state] ?? entry.state.replace(/-/g, '_').replace(/WAIT_([12])/, 'WAIT$1')
  // The queues of listeners are shown as empty, as net-tools mostly sees them.
  const isServer = entry.state === 'LISTEN'
  return (
    `${name.padEnd(6)}${String(isServer ? 0 : entry.receiveQueue).padStart(6)} ${String(isServer ? 0 : entry.sendQueue).padStart(6)} ` +
    `${place(entry.local.address, entry.local.port).padEnd(23)} ${place(entry.remote.address, entry.remote.port).padEnd(23)} ` +
    `${state.padEnd(11)}${hasProgram ? ` ${owner.padEnd(20)}` : ''}\n`
  )
}

async function routes(process: Process, isNumeric: boolean): Promise<number> {
  await process.write(
    'Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n',
  )
  for (const route of process.network.routes.list()) {
    const destination = route.destination.length === 0 && !isNumeric ? 'default' : formatIpv4(route.destination.address)
    const flags = `U${route.gateway === undefined ? '' : 'G'}${route.destination.length === 32 ? 'H' : ''}`
    await process.write(
      `${destination.padEnd(15)} ${formatIpv4(route.gateway ?? 0).padEnd(15)} ${formatIpv4(maskOf(route.destination.length)).padEnd(15)} ` +
        `${flags.padEnd(9)} 0 0          0 ${route.interface ?? '*'}\n`,
    )
  }
  return 0
}

async function interfaces(process: Process): Promise<number> {
  await process.write(
    'Kernel Interface table\nIface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n',
  )
  for (const link of process.network.interfaces) {
    if (!link.isUp) continue
    const { receivedPackets, receivedDropped, sentPackets, sentDropped } = link.counters
    const flags = `${link.kind === 'loopback' ? 'L' : 'BM'}${link.hasCarrier ? 'R' : ''}U`
    await process.write(
      `${link.name.padEnd(8)} ${String(link.mtu).padStart(5)} ${String(receivedPackets).padStart(8)}      0 ${String(receivedDropped).padStart(6)} 0      ` +
        `${String(sentPackets).padStart(8)}      0 ${String(sentDropped).padStart(6)}      0 ${flags}\n`,
    )
  }
  return 0
}
