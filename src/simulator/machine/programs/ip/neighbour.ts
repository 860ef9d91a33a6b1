import { contains, formatIpv4, parsePrefix } from '../../../network/address.ts'
import type { Neighbour } from '../../../network/neighbours.ts'
import { changeable, existing } from './link.ts'
import type { IpRun } from './run.ts'
import { IpError, kernelError, type Words } from './words.ts'

/** `ip neigh`: who has which Ethernet address. */
export async function ipNeighbour(run: IpRun, words: Words): Promise<number> {
  const command = words.take('add', 'change', 'replace', 'delete', 'get', 'show', 'list', 'lst', 'flush', 'help')
  switch (command) {
    case 'add':
    case 'change':
    case 'replace':
      return set(run, words, command)
    case 'delete':
      return remove(run, words)
    case 'flush':
      return flush(run, words)
    case 'help':
      throw new IpError('Usage: ip neigh { add | del | change | replace | show | flush } …')
    case undefined:
      if (!words.isAtEnd) throw new IpError(`Command "${words.peek}" is unknown, try "ip neigh help".`)
      return show(run, words)
    default:
      return show(run, words)
  }
}

async function show(run: IpRun, words: Words): Promise<number> {
  const { wanted, dev } = select(run, words)
  for (const neighbour of wanted) await run.print(line(neighbour, dev))
  return 0
}

function line(neighbour: Neighbour, dev: string | undefined): string {
  const device = dev === undefined ? `dev ${neighbour.interface} ` : ''
  // The kernel tells an address only while it would use it.
  const isUsed = neighbour.state !== 'INCOMPLETE' && neighbour.state !== 'FAILED'
  const mac = neighbour.mac === undefined || !isUsed ? '' : `lladdr ${neighbour.mac} `
  return `${formatIpv4(neighbour.address)} ${device}${mac}${neighbour.state} `
}

function select(run: IpRun, words: Words): { wanted: Neighbour[]; dev: string | undefined } {
  let dev: string | undefined
  let state: string | undefined
  let prefix = parsePrefix('0.0.0.0/0')!
  while (!words.isAtEnd) {
    if (words.takeExactly('dev')) dev = existing(run.network, words.next()).name
    else if (words.takeExactly('nud')) state = words.next().toUpperCase()
    else if (words.takeExactly('all')) state = 'ALL'
    else {
      words.takeExactly('to')
      prefix = words.prefix()
    }
  }
  const wanted = run.network.neighbours
    .list()
    .filter(
      each =>
        contains(prefix, each.address) &&
        (dev === undefined || each.interface === dev) &&
        (state === undefined ? each.state !== 'NOARP' : state === 'ALL' || each.state === state),
    )
  return { wanted, dev }
}

function set(run: IpRun, words: Words, command: 'add' | 'change' | 'replace'): number {
  let dev: string | undefined
  let mac: string | undefined
  let state: 'PERMANENT' | 'REACHABLE' | 'STALE' | 'NOARP' = 'PERMANENT'
  let address: number | undefined
  while (!words.isAtEnd) {
    if (words.takeExactly('dev')) dev = words.next()
    else if (words.takeExactly('lladdr')) mac = words.next().toLowerCase()
    else if (words.takeExactly('nud')) state = words.next().toUpperCase() as typeof state
    else {
      words.takeExactly('to')
      address = words.address()
    }
  }
  if (dev === undefined || address === undefined) throw new IpError('Device and destination are required arguments.')
  const link = changeable(run.network, dev)
  run.demandRoot()
  const isKnown = run.network.neighbours.list().some(each => each.address === address && each.interface === link.name)
  if (command === 'add' && isKnown) throw kernelError('File exists')
  if (command === 'change' && !isKnown) throw kernelError('No such file or directory')
  if (mac === undefined) throw kernelError('Invalid argument')
  run.network.neighbours.set(link.name, address, mac, state)
  return 0
}

function remove(run: IpRun, words: Words): number {
  let dev: string | undefined
  let address: number | undefined
  while (!words.isAtEnd) {
    if (words.takeExactly('dev')) dev = words.next()
    else if (words.takeExactly('lladdr', 'nud')) words.next()
    else {
      words.takeExactly('to')
      address = words.address()
    }
  }
  if (dev === undefined || address === undefined) throw new IpError('Device and destination are required arguments.')
  const link = changeable(run.network, dev)
  run.demandRoot()
  if (!run.network.neighbours.remove(link.name, address)) throw kernelError('No such file or directory')
  return 0
}

function flush(run: IpRun, words: Words): number {
  if (words.isAtEnd) throw new IpError('Flush requires arguments.', 1)
  const isAll = words.rest().includes('all')
  const { wanted } = select(run, words)
  run.demandRoot()
  for (const each of wanted)
    if (isAll || each.state !== 'PERMANENT') run.network.neighbours.remove(each.interface, each.address)
  return 0
}
