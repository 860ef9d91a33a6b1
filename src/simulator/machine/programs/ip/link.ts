import { Bridge } from '../../../network/bridge.ts'
import type { NetworkInterface } from '../../../network/interface.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import { fullName, linkLines, typeOf } from './linkText.ts'
import type { IpRun } from './run.ts'
import { IpError, kernelError, type Words } from './words.ts'

/** `ip link`: interfaces as they are, made, changed and removed. */
export async function ipLink(run: IpRun, words: Words): Promise<number> {
  const command = words.take('show', 'list', 'lst', 'set', 'add', 'delete', 'help', 'change', 'replace')
  switch (command) {
    case 'set':
    case 'change':
      return set(run, words)
    case 'add':
    case 'replace':
      return add(run, words)
    case 'delete':
      return remove(run, words)
    case 'help':
      throw new IpError('Usage: ip link { add | delete | set | show } …')
    case undefined:
      if (!words.isAtEnd) throw new IpError(`Command "${words.peek}" is unknown, try "ip link help".`)
      return show(run, words)
    default:
      return show(run, words)
  }
}

/** Finds an interface for a listing. */
export function existing(network: NetworkNamespace, name: string): NetworkInterface {
  const link = network.interface(name)
  if (!link) throw new IpError(`Device "${name}" does not exist.`, 1)
  return link
}

/** Finds an interface that shall be changed. */
export function changeable(network: NetworkNamespace, name: string): NetworkInterface {
  const link = network.interface(name)
  if (!link) throw new IpError(`Cannot find device "${name}"`, 1)
  return link
}

/** Which interfaces a listing is about: `dev NAME`, `up`, `type KIND`, `master BRIDGE`. */
export function selectLinks(network: NetworkNamespace, words: Words): readonly NetworkInterface[] {
  let links = network.interfaces
  while (!words.isAtEnd) {
    if (words.takeExactly('up')) links = links.filter(link => link.isUp)
    else if (words.takeExactly('type')) {
      const type = words.next()
      links = links.filter(link => typeOf(link) === type)
    } else if (words.takeExactly('master')) {
      const master = existing(network, words.next())
      links = links.filter(link => link.master === master)
    } else {
      words.takeExactly('dev')
      const link = existing(network, words.next())
      links = links.filter(each => each === link)
    }
  }
  return links
}

async function show(run: IpRun, words: Words): Promise<number> {
  for (const link of selectLinks(run.network, words)) {
    if (run.isBrief) {
      await run.print(`${fullName(link).padEnd(16)} ${link.state.padEnd(14)} ${link.mac} <${link.flags.join(',')}> `)
    } else await run.printBlock(linkLines(link, run.linkStyle({ hasMode: true })))
  }
  return 0
}

function set(run: IpRun, words: Words): number {
  words.takeExactly('dev')
  const link = changeable(run.network, words.next())
  run.demandRoot()
  while (!words.isAtEnd) setOne(run, link, words)
  return 0
}

function setOne(run: IpRun, link: NetworkInterface, words: Words): void {
  const word = words.next()
  switch (word) {
    case 'up':
      return link.up()
    case 'down':
      return link.down()
    case 'mtu': {
      const mtu = words.number('mtu')
      if (mtu < 68 || mtu > 65535)
        throw new IpError(
          `Error: mtu ${mtu < 68 ? 'less' : 'greater'} than device ${mtu < 68 ? 'minimum' : 'maximum'}.`,
          2,
        )
      link.mtu = mtu
      return
    }
    case 'name': {
      const name = words.next()
      if (run.network.interface(name)) throw kernelError('File exists')
      if (link.isUp) throw kernelError('Device or resource busy')
      run.network.renameInterface(link.name, name)
      return
    }
    case 'address':
      link.mac = words.next().toLowerCase()
      return
    case 'master': {
      const master = changeable(run.network, words.next())
      if (!(master instanceof Bridge)) throw kernelError('Operation not supported')
      master.addPort(link)
      return
    }
    case 'nomaster':
      link.master?.removePort(link)
      return
    case 'netns': {
      const name = words.next()
      run.network.moveInterface(link.name, run.namespaceCalled(name))
      return
    }
    case 'arp':
    case 'multicast':
    case 'promisc':
    case 'txqueuelen':
    case 'alias':
    case 'group':
    case 'type':
      throw new IpError(`ip: ${word} is not simulated here`, 1)
    default:
      if (run.network.interface(word)) return
      throw new IpError(`Error: either "dev" is duplicate, or "${word}" is a garbage.`)
  }
}

function add(run: IpRun, words: Words): number {
  run.demandRoot()
  let name: string | undefined
  let type: string | undefined
  let lower: NetworkInterface | undefined
  const rest: string[] = []
  while (!words.isAtEnd) {
    if (words.takeExactly('type')) {
      type = words.next()
      rest.push(...words.rest())
      break
    }
    if (words.takeExactly('link')) {
      lower = changeable(run.network, words.next())
      continue
    }
    words.takeExactly('name') ?? words.takeExactly('dev')
    name = words.next()
  }
  if (type === undefined) throw new IpError('Not enough information: "type" argument is required')
  if (name === undefined) throw new IpError('Not enough information: "dev" argument is required.')
  if (name.length > 15) throw new IpError(`Error: argument "${name}" is wrong: "name" not a valid ifname`)
  if (run.network.interface(name)) throw kernelError('File exists')
  switch (type) {
    case 'bridge':
      run.network.addBridge(name)
      return 0
    case 'dummy':
      run.network.addDummy(name)
      return 0
    case 'macvlan':
    case 'ipvlan':
      return addOnCable(run, name, type, lower, rest)
    case 'veth':
      return addVeth(run, name, rest)
    case 'vxlan':
      return addVxlan(run, name, rest)
    default:
      throw new IpError(`ip: links of type ${type} are not simulated here`, 1)
  }
}

function addOnCable(
  run: IpRun,
  name: string,
  type: 'macvlan' | 'ipvlan',
  lower: NetworkInterface | undefined,
  [word, mode]: readonly string[],
): number {
  if (!lower) throw new IpError('RTNETLINK answers: Invalid argument', 2)
  const usual = type === 'macvlan' ? 'bridge' : 'l2'
  if (word !== undefined && word !== 'mode') throw new IpError(`${type}: unknown command "${word}"?`)
  if ((word === 'mode' || type === 'macvlan') && mode !== usual)
    throw new IpError(`ip: ${type} mode ${mode ?? 'vepa'} is not simulated here`, 1)
  if (type === 'macvlan') run.network.addMacvlan(name, lower)
  else run.network.addIpvlan(name, lower)
  return 0
}

function addVeth(run: IpRun, name: string, rest: readonly string[]): number {
  const at = rest.indexOf('peer')
  const words = rest.slice(at + 1).filter(word => word !== 'name')
  const netns = words.indexOf('netns')
  const peerName = at < 0 ? nextFreeName(run.network, 'veth') : (words[0] ?? '')
  if (peerName === '') throw new IpError('Command line is not complete. Try option "help"')
  const peerNamespace = netns < 0 ? run.network : run.namespaceCalled(words[netns + 1] ?? '')
  if (peerNamespace.interface(peerName)) throw kernelError('File exists')
  run.network.addVeth(name, peerNamespace, peerName)
  return 0
}

function addVxlan(run: IpRun, name: string, rest: readonly string[]): number {
  const value = (key: string) => (rest.includes(key) ? rest[rest.indexOf(key) + 1] : undefined)
  const id = value('id')
  if (id === undefined) throw new IpError('vxlan: missing virtual network identifier')
  const underlay = value('dev')
  if (underlay !== undefined) changeable(run.network, underlay)
  const local = value('local')
  run.network.addVxlan(name, {
    id: Number(id),
    local: local === undefined ? 0 : run.parseAddress(local),
    port: Number(value('dstport') ?? 8472),
    isLearning: !rest.includes('nolearning'),
    ...(underlay === undefined ? {} : { underlay }),
  })
  return 0
}

function remove(run: IpRun, words: Words): number {
  words.takeExactly('dev')
  const link = changeable(run.network, words.next())
  run.demandRoot()
  if (link.kind === 'loopback') throw kernelError('Operation not supported')
  run.network.removeInterface(link.name)
  return 0
}

function nextFreeName(network: NetworkNamespace, stem: string): string {
  for (let i = 0; ; i++) if (!network.interface(`${stem}${i}`)) return `${stem}${i}`
}
