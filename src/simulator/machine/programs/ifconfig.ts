import { broadcastOf, formatIpv4, maskOf, parseIpv4 } from '../../network/address.ts'
import type { NetworkInterface } from '../../network/interface.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'

/** Shows and sets up interfaces. */
export const ifconfig = defineProgram({
  name: 'ifconfig',
  summary: 'configure a network interface',
  usage: '[-a] [interface] [address]',
  package: 'net-tools 2.10',
  operandsEndOptions: true,
  options: [
    { short: 'a', help: 'display all interfaces which are currently available, even if down' },
    { short: 's', help: 'display a short list', only: 'gnu' },
    { short: 'v', help: 'be more verbose', only: 'gnu' },
  ],
  async run(process, args) {
    if (args.has('s')) return process.fail('option -s is not simulated here')
    const [name, ...words] = args.operands
    if (name === undefined) {
      for (const link of process.network.interfaces)
        if (link.isUp || args.has('a')) await process.write(describe(process, link))
      return 0
    }
    const link = process.network.interface(name)
    if (!link) {
      if (process.flavour === 'busybox')
        return process.fail(`${name}: error fetching interface information: Device not found`)
      await process.stderr.write(`${name}: error fetching interface information: Device not found\n`)
      return 1
    }
    if (words.length === 0) {
      await process.write(describe(process, link))
      return 0
    }
    if (!mayAdministerNetwork(process.user)) {
      await process.stderr.write('SIOCSIFFLAGS: Operation not permitted\n')
      return 255
    }
    return change(process, link, words)
  },
})

async function change(process: Process, link: NetworkInterface, words: readonly string[]): Promise<number> {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === 'up') link.up()
    else if (word === 'down') link.down()
    else if (word === 'mtu') link.mtu = Number(words[++i])
    else if (word === 'netmask' || word === 'broadcast') i++
    else {
      const [text = '', length] = word.split('/')
      const address = parseIpv4(text)
      if (address === undefined) {
        await process.stderr.write(`${word}: Unknown host\nifconfig: \`--help' gives usage information.\n`)
        return 1
      }
      const mask = words.includes('netmask') ? parseIpv4(words[words.indexOf('netmask') + 1] ?? '') : undefined
      const bits = length !== undefined ? Number(length) : mask === undefined ? classLength(address) : Math.clz32(~mask)
      const prefix = { address, length: bits }
      for (const old of link.addresses) link.removeAddress(old.address)
      link.addAddress(prefix, { broadcast: broadcastOf(prefix) })
      link.up()
    }
  }
  return 0
}

/** Addresses without a mask get that of their old class. */
function classLength(address: number): number {
  const first = address >>> 24
  return first < 128 ? 8 : first < 192 ? 16 : 24
}

function describe(process: Process, link: NetworkInterface): string {
  return process.flavour === 'busybox' ? busyboxText(link) : netToolsText(link)
}

function flagNames(link: NetworkInterface): string[] {
  const running = link.isUp && link.hasCarrier ? ['RUNNING'] : []
  const up = link.isUp ? ['UP'] : []
  return link.kind === 'loopback' ? [...up, 'LOOPBACK', ...running] : [...up, 'BROADCAST', ...running, 'MULTICAST']
}

function netToolsText(link: NetworkInterface): string {
  const bits = { UP: 1, BROADCAST: 2, LOOPBACK: 8, RUNNING: 64, MULTICAST: 4096 } as const
  const names = flagNames(link)
  const flags = names.reduce((sum, name) => sum + bits[name as keyof typeof bits], 0)
  const { receivedPackets, receivedBytes, receivedDropped, sentPackets, sentBytes, sentDropped } = link.counters
  const lines = [`${link.name}: flags=${flags}<${names.join(',')}>  mtu ${link.mtu}`]
  const [address] = link.addresses
  if (address) {
    const broadcast = address.broadcast === undefined ? '' : `  broadcast ${formatIpv4(address.broadcast)}`
    lines.push(`        inet ${formatIpv4(address.address)}  netmask ${formatIpv4(maskOf(address.length))}${broadcast}`)
  }
  const queue = link.kind === 'veth' || link.kind === 'vxlan' ? 0 : 1000
  lines.push(
    link.kind === 'loopback'
      ? '        loop  txqueuelen 1000  (Local Loopback)'
      : `        ether ${link.mac}  txqueuelen ${queue}  (Ethernet)`,
    `        RX packets ${receivedPackets}  bytes ${receivedBytes} (${amount(receivedBytes)})`,
    `        RX errors 0  dropped ${receivedDropped}  overruns 0  frame 0`,
    `        TX packets ${sentPackets}  bytes ${sentBytes} (${amount(sentBytes)})`,
    `        TX errors 0  dropped ${sentDropped} overruns 0  carrier 0  collisions 0`,
  )
  return `${lines.join('\n')}\n\n`
}

function busyboxText(link: NetworkInterface): string {
  const { receivedPackets, receivedBytes, receivedDropped, sentPackets, sentBytes, sentDropped } = link.counters
  const kind = link.kind === 'loopback' ? 'Local Loopback  ' : `Ethernet  HWaddr ${link.mac.toUpperCase()}  `
  const lines = [`${link.name.padEnd(9)} Link encap:${kind}`]
  const [address] = link.addresses
  if (address) {
    const broadcast = address.broadcast === undefined ? '' : `  Bcast:${formatIpv4(address.broadcast)}`
    lines.push(
      `          inet addr:${formatIpv4(address.address)}${broadcast}  Mask:${formatIpv4(maskOf(address.length))}`,
    )
  }
  const queue = link.kind === 'veth' || link.kind === 'vxlan' ? 0 : 1000
  lines.push(
    `          ${flagNames(link).join(' ')}  MTU:${link.mtu}  Metric:1`,
    `          RX packets:${receivedPackets} errors:0 dropped:${receivedDropped} overruns:0 frame:0`,
    `          TX packets:${sentPackets} errors:0 dropped:${sentDropped} overruns:0 carrier:0`,
    `          collisions:0 txqueuelen:${queue} `,
    `          RX bytes:${receivedBytes} (${amount(receivedBytes)})  TX bytes:${sentBytes} (${amount(sentBytes)})`,
  )
  return `${lines.join('\n')}\n\n`
}

/** `995.0 B`, `1.0 KiB`. */
function amount(bytes: number): string {
  let value = bytes
  for (const unit of ['B', 'KiB', 'MiB']) {
    if (value < 1024) return `${(Math.floor(value * 10) / 10).toFixed(1)} ${unit}`
    value /= 1024
  }
  return `${value.toFixed(1)} GiB`
}
