import { formatIpv4, parseIpv4, zeroMac } from '../../network/address.ts'
import { Bridge } from '../../network/bridge.ts'
import type { NetworkInterface } from '../../network/interface.ts'
import { Veth } from '../../network/veth.ts'
import { Vxlan } from '../../network/vxlan.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import type { Option, Process, Program } from '../program.ts'

const options: readonly Option[] = [
  { short: 'd', long: 'details', help: 'more detailed information' },
  { short: 's', long: 'statistics', help: 'how long ago an address was used and seen' },
  { short: 'o', long: 'oneline', help: 'each record on a single line' },
  { short: 'c', long: 'color', help: 'color output' },
  { short: 'V', long: 'Version', help: 'print the version' },
]

const usage = `Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }
where  OBJECT := { link | fdb }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -o[neline] | -c[olor] }
`

class BridgeError extends Error {
  readonly status: number
  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

/** Shows and changes the ports and the forwarding tables of bridges and tunnels. */
export const bridge: Program = {
  name: 'bridge',
  summary: 'show / manipulate bridge addresses and devices',
  usage: '[ OPTIONS ] OBJECT { COMMAND | help }',
  options,
  complete: (_process, words) =>
    words.length <= 2 ? ['link', 'fdb', 'vlan', 'mdb', 'monitor'] : ['show', 'dev', 'br', 'brport'],
  async run(process) {
    const words = process.argv.slice(1)
    const flags = new Set<string>()
    while (words[0]?.startsWith('-')) {
      const word = words.shift()!.replace(/^--?/, '')
      const option = options.find(each => each.long!.startsWith(word))
      if (option) flags.add(option.long!)
      else if (/^(j|json|p|pretty|n|netns|f|family|b|batch|4|6|t|timestamp|compressvlans)/.test(word))
        return process.fail(`option -${word} is not simulated here`)
      else return process.fail(`Option "-${word}" is unknown, try "bridge help".`, 255)
    }
    if (flags.has('Version')) {
      await process.write('bridge utility, 6.1.0\n')
      return 0
    }
    try {
      return await runObject(process, words, flags)
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error
      await process.stderr.write(`${error.message}\n`)
      return error.status
    }
  },
}

async function runObject(process: Process, words: readonly string[], flags: ReadonlySet<string>): Promise<number> {
  const [object, ...rest] = words
  if (object === undefined || object === 'help') {
    await process.stderr.write(usage)
    return 255
  }
  if ('link'.startsWith(object)) return runLink(process, rest, flags)
  if ('fdb'.startsWith(object)) return runFdb(process, rest)
  if (['mdb', 'vlan', 'vni', 'monitor'].some(each => each.startsWith(object)))
    return process.fail(`"bridge ${object}" is not simulated here`)
  throw new BridgeError(`Object "${object}" is unknown, try "bridge help".`, 255)
}

async function runLink(process: Process, words: readonly string[], flags: ReadonlySet<string>): Promise<number> {
  const [command, ...rest] = words
  if (command !== undefined && 'set'.startsWith(command) && command !== 's') return setPort(process, rest)
  if (command !== undefined && !isListing(command))
    throw new BridgeError(`Command "${command}" is unknown, try "bridge link help".`, 255)
  const dev = valueAfter(rest, 'dev')
  const only = dev === undefined ? undefined : deviceCalled(process, dev)
  for (const link of process.network.interfaces) {
    if (!link.master || (only && link !== only)) continue
    const state = link.isUp && link.hasCarrier ? 'forwarding' : 'disabled'
    let line = `${link.index}: ${fullName(link)}: <${link.flags.join(',')}> mtu ${link.mtu} master ${link.master.name} state ${state} priority 32 cost 2 `
    if (flags.has('details')) {
      const onOff = (isOn: boolean) => (isOn ? 'on' : 'off')
      const { hairpin, learning, flood, isolated } = link.port
      line += `\n    hairpin ${onOff(hairpin)} guard off root_block off fastleave off learning ${onOff(learning)} flood ${onOff(flood)} mcast_flood on bcast_flood on mcast_router 1 mcast_to_unicast off neigh_suppress off vlan_tunnel off isolated ${onOff(isolated)} locked off `
    }
    await process.write(`${line}\n`)
  }
  return 0
}

function setPort(process: Process, words: readonly string[]): number {
  const name = valueAfter(words, 'dev')
  if (name === undefined) throw new BridgeError('Device is a required argument.', 255)
  const link = deviceCalled(process, name)
  demandRoot(process)
  for (const key of ['hairpin', 'learning', 'flood', 'isolated'] as const) {
    const value = valueAfter(words, key)
    if (value === undefined) continue
    if (value !== 'on' && value !== 'off')
      throw new BridgeError(`Error: argument of "${key}" must be one of "on", "off", not "${value}"`, 255)
    if (!link.master) throw new BridgeError('RTNETLINK answers: Operation not supported', 255)
    link.port[key] = value === 'on'
  }
  const missing = words
    .filter((_, i) => i % 2 === 0)
    .find(word => !['dev', 'hairpin', 'learning', 'flood', 'isolated'].includes(word))
  if (missing !== undefined) throw new BridgeError(`bridge: "bridge link set ${missing}" is not simulated here`, 1)
  return 0
}

async function runFdb(process: Process, words: readonly string[]): Promise<number> {
  const [command, ...rest] = words
  if (command === 'add' || command === 'append' || command === 'replace' || command === 'del' || command === 'delete')
    return changeFdb(process, command, rest)
  if (command !== undefined && !isListing(command))
    throw new BridgeError(`Command "${command}" is unknown, try "bridge fdb help".`, 255)
  const dev = valueAfter(rest, 'dev') ?? valueAfter(rest, 'brport')
  const master = valueAfter(rest, 'br')
  const only = dev === undefined ? undefined : deviceCalled(process, dev)
  const owner = master === undefined ? undefined : deviceCalled(process, master)
  for (const line of fdbLines(process, only, owner)) await process.write(`${line}\n`)
  return 0
}

/** The entries of all tables in the order of the interfaces; a device that a filter fixes is left out of each line. */
function fdbLines(process: Process, only: NetworkInterface | undefined, owner: NetworkInterface | undefined): string[] {
  const lines: string[] = []
  const add = (link: NetworkInterface, mac: string, rest: string) => {
    if (!only || only === link) lines.push(`${mac} ${only ? '' : `dev ${link.name} `}${rest}`)
  }
  for (const link of process.network.interfaces) {
    if (owner && owner !== link && link.master !== owner) continue
    if (link instanceof Vxlan) {
      for (const { mac, destination, isPermanent } of link.forwardingEntries())
        add(link, mac, `dst ${formatIpv4(destination)} self${isPermanent ? ' permanent' : ''}`)
      continue
    }
    const master = link instanceof Bridge ? link : link.master
    if (master instanceof Bridge) {
      const known = master.forwardingEntries().filter(entry => entry.port === link)
      if (link === master) known.push({ mac: link.mac, port: link, isPermanent: true, updatedAt: 0 })
      for (const { mac, isPermanent } of known) {
        if (isPermanent) add(link, mac, `vlan 1 master ${master.name} permanent`)
        add(link, mac, `master ${master.name} ${isPermanent ? 'permanent' : ''}`)
      }
    }
    // Every interface listens to the group of all hosts.
    if (link.kind !== 'loopback' && link.isUp) add(link, '01:00:5e:00:00:01', 'self permanent')
  }
  return lines
}

function changeFdb(process: Process, command: string, words: readonly string[]): number {
  const mac = words[0]?.toLowerCase()
  const name = valueAfter(words, 'dev')
  if (mac === undefined || name === undefined) throw new BridgeError('Device and address are required arguments.', 255)
  const link = deviceCalled(process, name)
  if (!/^([\da-f]{2}:){5}[\da-f]{2}$/.test(mac)) throw new BridgeError(`Invalid address "${mac}"`, 255)
  demandRoot(process)
  const target = valueAfter(words, 'dst')
  const destination = target === undefined ? undefined : parseIpv4(target)
  const isRemoval = command.startsWith('del')
  if (link instanceof Vxlan) {
    if (isRemoval) {
      if (!link.removeForwarding(mac, destination)) throw noEntry()
    } else {
      const isKnown = link.forwardingEntries().some(each => each.mac === mac && each.destination === destination)
      if (command === 'add' && isKnown && mac !== zeroMac) throw new BridgeError('RTNETLINK answers: File exists', 255)
      link.addForwarding(mac, destination ?? 0)
    }
    return 0
  }
  const { master } = link
  if (!(master instanceof Bridge)) throw new BridgeError('RTNETLINK answers: Operation not supported', 255)
  if (!isRemoval) master.addForwarding(mac, link)
  else if (!master.removeForwarding(mac)) throw noEntry()
  return 0
}

function noEntry(): BridgeError {
  return new BridgeError('RTNETLINK answers: No such file or directory', 255)
}

function isListing(command: string): boolean {
  return ['show', 'list', 'lst'].some(each => each.startsWith(command))
}

function valueAfter(words: readonly string[], key: string): string | undefined {
  const at = words.indexOf(key)
  return at < 0 ? undefined : words[at + 1]
}

function deviceCalled(process: Process, name: string): NetworkInterface {
  const link = process.network.interface(name)
  if (!link) throw new BridgeError(`Cannot find device "${name}"`, 255)
  return link
}

function demandRoot(process: Process): void {
  if (!mayAdministerNetwork(process.user)) throw new BridgeError('RTNETLINK answers: Operation not permitted', 255)
}

function fullName(link: NetworkInterface): string {
  if (!(link instanceof Veth)) return link.name
  return `${link.name}@${link.peer.namespace === link.namespace ? link.peer.name : `if${link.peer.index}`}`
}
