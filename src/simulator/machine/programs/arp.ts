import { formatIpv4, parseIpv4 } from '../../network/address.ts'
import type { Neighbour } from '../../network/neighbours.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { resolveAddress } from '../resolver.ts'

/** Shows and changes the table of Ethernet addresses. */
export const arp = defineProgram({
  name: 'arp',
  summary: 'manipulate the system ARP cache',
  usage: '[-vn] [<HW>] [-i <if>] [-a] [<hostname>]',
  package: 'net-tools 2.10',
  options: [
    { short: 'a', help: 'display (all) hosts in alternative (BSD) style' },
    { short: 'e', help: 'display (all) hosts in default (Linux) style', only: 'gnu' },
    { short: 'd', long: 'delete', help: 'delete a specified entry' },
    { short: 's', long: 'set', help: 'set a new ARP entry' },
    { short: 'i', long: 'device', value: 'if', help: 'specify network interface' },
    { short: 'n', long: 'numeric', help: "don't resolve names" },
    { short: 'v', long: 'verbose', help: 'be verbose' },
  ],
  notSimulated: '-f -H -A -p -D -t',
  async run(process, args) {
    const device = args.get('device')
    if (args.has('delete')) return remove(process, args.operands[0], device)
    if (args.has('set')) return set(process, args.operands, device)
    const [name] = args.operands
    const wanted = name === undefined ? undefined : parseIpv4(name)
    if (name !== undefined && wanted === undefined) return process.fail(`${name}: Unknown host`)
    const entries = process.network.neighbours
      .list()
      .filter(
        each =>
          (device === undefined || each.interface === device) && (wanted === undefined || each.address === wanted),
      )
    if (entries.length === 0) {
      if (name !== undefined) await process.write(`${name} (${name}) -- no entry\n`)
      return name === undefined ? 0 : 1
    }
    const isBusybox = process.flavour === 'busybox'
    const isTable = !isBusybox && !args.has('a')
    if (isTable)
      await process.write('Address                  HWtype  HWaddress           Flags Mask            Iface\n')
    for (const entry of entries) {
      const host = args.has('numeric') ? undefined : (await resolveAddress(process, entry.address))?.name
      await process.write(isTable ? tableLine(entry, host) : bsdLine(entry, host, isBusybox))
    }
    return 0
  },
})

function tableLine(entry: Neighbour, host: string | undefined): string {
  const name = (host ?? formatIpv4(entry.address)).slice(0, 23).padEnd(23)
  const flags = entry.state === 'PERMANENT' ? 'CM' : 'C'
  if (entry.mac === undefined) return `${name}          (incomplete)                              ${entry.interface}\n`
  return `${name}  ether   ${entry.mac.padEnd(18)}  ${flags.padEnd(21)} ${entry.interface}\n`
}

function bsdLine(entry: Neighbour, host: string | undefined, isBusybox: boolean): string {
  const permanent = entry.state === 'PERMANENT' ? ' PERM' : ''
  const mac = entry.mac === undefined ? '<incomplete>' : `${entry.mac} [ether]`
  return `${host ?? '?'} (${formatIpv4(entry.address)}) at ${mac}${permanent} ${isBusybox ? ' ' : ''}on ${entry.interface}\n`
}

async function remove(process: Process, name: string | undefined, device: string | undefined): Promise<number> {
  const address = parseIpv4(name ?? '')
  if (address === undefined) return process.fail('need host name', 255)
  if (!mayAdministerNetwork(process.user)) return process.fail('SIOCDARP(dontpub): Operation not permitted', 255)
  const entry = process.network.neighbours
    .list()
    .find(each => each.address === address && (device === undefined || each.interface === device))
  if (!entry) {
    await process.write(`No ARP entry for ${name}\n`)
    return 255
  }
  process.network.neighbours.remove(entry.interface, address)
  return 0
}

async function set(process: Process, words: readonly string[], device: string | undefined): Promise<number> {
  const [name = '', mac] = words
  const address = parseIpv4(name)
  if (address === undefined) return process.fail('need host name', 255)
  if (mac === undefined) return process.fail('need hardware address', 255)
  if (!mayAdministerNetwork(process.user)) return process.fail('SIOCSARP: Operation not permitted', 255)
  const link = device ?? process.network.routeTo(address)?.interface?.name
  if (link === undefined) return process.fail('SIOCSARP: Network is unreachable', 255)
  process.network.neighbours.set(link, address, mac.toLowerCase())
  return 0
}
