import { broadcastOf, formatPrefix, isLoopback, parseIpv4, parsePrefix } from '../../../network/address.ts'
import type { Scope } from '../../../network/interface.ts'
import { changeable, selectLinks } from './link.ts'
import { addressLines, fullName, linkLines } from './linkText.ts'
import type { IpRun } from './run.ts'
import { IpError, kernelError, type Words } from './words.ts'

/** `ip addr`: the addresses of interfaces. */
export async function ipAddress(run: IpRun, words: Words): Promise<number> {
  const command = words.take('add', 'change', 'replace', 'delete', 'show', 'list', 'lst', 'flush', 'help')
  switch (command) {
    case 'add':
    case 'change':
    case 'replace':
      return add(run, words, command === 'add')
    case 'delete':
      return remove(run, words)
    case 'flush':
      return flush(run, words)
    case 'help':
      throw new IpError('Usage: ip address { add | del | flush | show } …')
    case undefined:
      if (!words.isAtEnd) throw new IpError(`Command "${words.peek}" is unknown, try "ip address help".`)
      return show(run, words)
    default:
      return show(run, words)
  }
}

async function show(run: IpRun, words: Words): Promise<number> {
  const style = run.linkStyle({ hasMode: false })
  for (const link of selectLinks(run.network, words)) {
    if (run.family === 4 && link.addresses.length === 0) continue
    if (run.isBrief) {
      const addresses = link.addresses.map(address => `${formatPrefix(address)} `).join('')
      await run.print(`${fullName(link).padEnd(16)} ${link.state.padEnd(14)} ${addresses}`)
    } else if (run.isOneLine) {
      for (const address of link.addresses)
        await run.print(`${link.index}: ${link.name}${addressLines(address, style).join('\\')}`)
    } else
      await run.printBlock([...linkLines(link, style), ...link.addresses.flatMap(each => addressLines(each, style))])
  }
  return 0
}

function add(run: IpRun, words: Words, isNew: boolean): number {
  let name: string | undefined
  let text: string | undefined
  let broadcast: number | 'computed' | undefined
  let scope: Scope | undefined
  while (!words.isAtEnd) {
    if (words.takeExactly('dev')) name = words.next()
    else if (words.takeExactly('scope')) scope = words.next() as Scope
    else if (words.takeExactly('broadcast', 'brd')) broadcast = words.takeExactly('+') ? 'computed' : words.address()
    else if (words.takeExactly('label', 'peer', 'valid_lft', 'preferred_lft'))
      throw new IpError('ip: that option of "ip addr add" is not simulated here', 1)
    else {
      words.takeExactly('local')
      text = words.next()
    }
  }
  const prefix = text === undefined ? undefined : parsePrefix(text)
  if (text !== undefined && !prefix) throw new IpError(`Error: any valid prefix is expected rather than "${text}".`, 1)
  if (name === undefined) throw new IpError('Not enough information: "dev" argument is required.')
  const link = changeable(run.network, name)
  if (!prefix) throw new IpError('ip: RTNETLINK answers: Operation not supported', 2)
  run.demandRoot()
  const isAdded = link.addAddress(prefix, {
    scope: scope ?? (isLoopback(prefix.address) ? 'host' : 'global'),
    ...(broadcast === undefined ? {} : { broadcast: broadcast === 'computed' ? broadcastOf(prefix) : broadcast }),
  })
  if (!isAdded && isNew) throw kernelError('File exists')
  return 0
}

function remove(run: IpRun, words: Words): number {
  let name: string | undefined
  let text: string | undefined
  while (!words.isAtEnd) {
    if (words.takeExactly('dev')) name = words.next()
    else text = words.next()
  }
  if (name === undefined) throw new IpError('Not enough information: "dev" argument is required.')
  const link = changeable(run.network, name)
  const address = parseIpv4((text ?? '').replace(/\/.*/, ''))
  if (address === undefined) throw new IpError(`Error: any valid prefix is expected rather than "${text}".`, 1)
  run.demandRoot()
  const length = text?.includes('/') ? Number(text.replace(/.*\//, '')) : undefined
  const isThere = link.addresses.some(
    each => each.address === address && (length === undefined || each.length === length),
  )
  if (!isThere) throw kernelError('Cannot assign requested address')
  link.removeAddress(address)
  return 0
}

function flush(run: IpRun, words: Words): number {
  if (words.isAtEnd) throw new IpError('Flush requires arguments.', 1)
  run.demandRoot()
  for (const link of selectLinks(run.network, words))
    for (const address of link.addresses) link.removeAddress(address.address)
  return 0
}
