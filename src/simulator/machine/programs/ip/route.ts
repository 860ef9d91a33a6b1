import { contains, formatIpv4, type Prefix } from '../../../network/address.ts'
import { NetworkError } from '../../../network/namespace.ts'
import { formatDestination, formatRoute, type Route, type RouteKind } from '../../../network/routes.ts'
import { changeable, existing } from './link.ts'
import type { IpRun } from './run.ts'
import { IpError, kernelError, type Words } from './words.ts'

/** `ip route`: where packets go. */
export async function ipRoute(run: IpRun, words: Words): Promise<number> {
  const command = words.take(
    'list',
    'lst',
    'show',
    'add',
    'append',
    'change',
    'chg',
    'delete',
    'get',
    'replace',
    'flush',
    'help',
    'save',
  )
  switch (command) {
    case 'add':
    case 'append':
    case 'change':
    case 'chg':
    case 'replace':
      return change(run, words, command)
    case 'delete':
      return remove(run, words)
    case 'get':
      return get(run, words)
    case 'flush':
      return flush(run, words)
    case 'help':
      throw new IpError('Usage: ip route { list | get | add | del | change | append | replace | flush } …')
    case 'save':
      throw new IpError('ip: "ip route save" is not simulated here', 1)
    case undefined:
      if (!words.isAtEnd) throw new IpError(`Command "${words.peek}" is unknown, try "ip route help".`)
      return show(run, words)
    default:
      return show(run, words)
  }
}

interface RouteFilter {
  tables: Route['table'][]
  dev?: string
  proto?: string
  scope?: string
  via?: number
  src?: number
  type?: RouteKind
  /** `10.244.0.0/16`: this prefix; `root`: and those within; `match`: and those around. */
  prefix?: { readonly value: Prefix; readonly how: 'exact' | 'root' | 'match' }
}

const kinds: readonly RouteKind[] = ['unicast', 'local', 'broadcast', 'blackhole', 'unreachable', 'prohibit', 'throw']

function readFilter(run: IpRun, words: Words): RouteFilter {
  const filter: RouteFilter = { tables: ['main'] }
  while (!words.isAtEnd) {
    if (words.takeExactly('table')) filter.tables = tablesCalled(words.next())
    else if (words.takeExactly('dev', 'oif', 'iif')) filter.dev = existing(run.network, words.next()).name
    else if (words.takeExactly('proto', 'protocol')) filter.proto = words.next()
    else if (words.takeExactly('scope')) filter.scope = words.next()
    else if (words.takeExactly('via')) filter.via = words.address()
    else if (words.takeExactly('src', 'from')) filter.src = words.address()
    else if (words.takeExactly('type')) filter.type = words.next() as RouteKind
    else if (words.takeExactly('cached', 'cache')) filter.tables = []
    else {
      words.takeExactly('to')
      const how = words.takeExactly('root', 'match', 'exact') ?? 'exact'
      const kind = kinds.find(each => each === words.peek)
      if (kind) filter.type = words.next() as RouteKind
      else filter.prefix = { value: words.prefix(), how }
    }
  }
  return filter
}

function tablesCalled(name: string): Route['table'][] {
  if (name === 'main' || name === '254') return ['main']
  if (name === 'local' || name === '255') return ['local']
  if (name === 'all' || name === 'unspec' || name === '0') return ['main', 'local']
  if (name === 'default' || name === '253') return []
  // Simplified: there are two tables only, main and local.
  throw new IpError('Error: ipv4: FIB table does not exist.\nDump terminated', 2)
}

function isWanted(route: Route, filter: RouteFilter): boolean {
  const { prefix } = filter
  const fits =
    prefix === undefined ||
    (prefix.how === 'exact' &&
      prefix.value.length === route.destination.length &&
      prefix.value.address === route.destination.address) ||
    (prefix.how === 'root' &&
      route.destination.length >= prefix.value.length &&
      contains(prefix.value, route.destination.address)) ||
    (prefix.how === 'match' &&
      route.destination.length <= prefix.value.length &&
      contains(route.destination, prefix.value.address))
  return (
    fits &&
    (filter.dev === undefined || route.interface === filter.dev) &&
    (filter.proto === undefined || route.protocol === filter.proto) &&
    (filter.scope === undefined || route.scope === filter.scope) &&
    (filter.via === undefined || route.gateway === filter.via) &&
    (filter.src === undefined || route.source === filter.src) &&
    (filter.type === undefined || route.kind === filter.type)
  )
}

async function show(run: IpRun, words: Words): Promise<number> {
  const filter = readFilter(run, words)
  for (const table of filter.tables) {
    for (const route of run.network.routes.list(table)) {
      if (!isWanted(route, filter)) continue
      await run.print(listed(run, route, filter))
    }
  }
  return 0
}

/** What a filter fixes is left out of each line (ip/iproute.c). */
function listed(run: IpRun, route: Route, filter: RouteFilter): string {
  if (run.isBusybox) return busyboxLine(route, filter)
  const link = route.interface === undefined ? undefined : run.network.interface(route.interface)
  const { interface: _, ...withoutDev } = route
  const shown: Route = {
    ...(filter.dev === undefined ? route : withoutDev),
    ...(filter.proto === undefined ? {} : { protocol: 'boot' }),
    ...(filter.scope === undefined ? {} : { scope: 'global' as const }),
  }
  const isDown = link?.isUp === true && !link.hasCarrier
  const text = formatRoute(shown, isDown)
  return filter.tables.length > 1 && route.table === 'local' ? text.replace(/(dev \S+ )/, '$1table local ') : text
}

function busyboxLine(route: Route, filter: RouteFilter): string {
  const words: string[] = []
  if (route.kind !== 'unicast') words.push(route.kind)
  words.push(formatDestination(route.destination))
  if (route.gateway !== undefined) words.push(`via ${formatIpv4(route.gateway)}`)
  if (route.interface !== undefined && filter.dev === undefined) words.push(`dev ${route.interface}`)
  let line = `${words.join(' ')} `
  if (route.scope !== 'global') line += `scope ${route.scope} `
  if (route.source !== undefined) line += ` src ${formatIpv4(route.source)} `
  if (route.metric) line += ` metric ${route.metric} `
  return line
}

async function get(run: IpRun, words: Words): Promise<number> {
  let destination: number | undefined
  let source: number | undefined
  while (!words.isAtEnd) {
    if (words.takeExactly('from')) source = words.prefix().address
    else if (words.takeExactly('iif', 'oif', 'mark', 'uid', 'dport', 'sport', 'ipproto', 'vrf'))
      throw new IpError('ip: that option of "ip route get" is not simulated here', 1)
    else {
      words.takeExactly('to')
      destination = words.prefix().address
    }
  }
  if (destination === undefined) throw new IpError('need at least a destination address', 1)
  const answer = run.network.routeTo(destination, source === undefined ? {} : { source })
  const kind = answer?.route.kind
  if (!answer || kind === 'throw') throw kernelError('Network is unreachable')
  if (kind === 'blackhole') throw kernelError('Invalid argument')
  if (kind === 'unreachable') throw kernelError('No route to host')
  if (kind === 'prohibit') throw kernelError('Permission denied')
  const isLocal = kind === 'local'
  const name = isLocal ? 'lo' : (answer.interface?.name ?? '')
  const parts = [
    ...(kind === 'local' || kind === 'broadcast' ? [kind] : []),
    formatIpv4(destination),
    ...(source === undefined ? [] : ['from', formatIpv4(source)]),
    ...(answer.route.gateway === undefined ? [] : ['via', formatIpv4(answer.route.gateway)]),
    'dev',
    name,
  ]
  const own = source === undefined && answer.source !== undefined ? formatIpv4(answer.source) : undefined
  if (run.isBusybox) await run.print(`${parts.join(' ')} ${own === undefined ? '' : ` src ${own} `}`)
  else {
    if (own !== undefined) parts.push('src', own)
    await run.print(`${parts.join(' ')} uid ${run.process.user.uid} `)
    const cache = isLocal ? '<local> ' : kind === 'broadcast' ? '<local,brd> ' : ''
    await run.print(`    cache ${cache}`)
  }
  return 0
}

function readRoute(run: IpRun, words: Words): Partial<Route> & { destination: Prefix } {
  const route: { -readonly [Key in keyof Route]?: Route[Key] } = {}
  while (!words.isAtEnd) {
    const kind = kinds.find(each => each === words.peek)
    if (kind && route.destination === undefined) {
      route.kind = kind
      words.next()
    } else if (words.takeExactly('via')) route.gateway = words.address()
    else if (words.takeExactly('dev', 'oif')) route.interface = changeable(run.network, words.next()).name
    else if (words.takeExactly('src')) route.source = words.address()
    else if (words.takeExactly('metric', 'preference')) route.metric = words.number('metric')
    else if (words.takeExactly('mtu')) route.mtu = words.number('mtu')
    else if (words.takeExactly('proto', 'protocol')) route.protocol = words.next()
    else if (words.takeExactly('scope')) route.scope = words.next() as Route['scope']
    else if (words.takeExactly('onlink')) route.isOnlink = true
    else if (words.takeExactly('table')) route.table = tablesCalled(words.next())[0] ?? 'main'
    else if (words.takeExactly('nexthop', 'encap', 'advmss', 'window', 'rtt', 'initcwnd', 'initrwnd'))
      throw new IpError('ip: that option of "ip route" is not simulated here', 1)
    else {
      words.takeExactly('to')
      route.destination = words.prefix()
    }
  }
  const { destination } = route
  if (!destination) throw new IpError('Command line is not complete. Try option "help"')
  return { ...route, destination }
}

function change(run: IpRun, words: Words, command: 'add' | 'append' | 'change' | 'chg' | 'replace'): number {
  const { destination, ...rest } = readRoute(run, words)
  run.demandRoot()
  const old = run.network.routes
    .list(rest.table ?? 'main')
    .find(
      route =>
        route.destination.address === destination.address &&
        route.destination.length === destination.length &&
        (route.metric ?? 0) === (rest.metric ?? 0),
    )
  if (!old && (command === 'change' || command === 'chg')) throw kernelError('No such file or directory')
  if (old && command !== 'add' && command !== 'append') run.network.routes.remove(old)
  try {
    run.network.addRoute(destination, rest)
  } catch (error) {
    if (old && command !== 'add' && command !== 'append') run.network.routes.add(old)
    throw error instanceof NetworkError ? new IpError(error.message, 2) : error
  }
  return 0
}

function remove(run: IpRun, words: Words): number {
  const route = readRoute(run, words)
  run.demandRoot()
  if (!run.network.routes.remove(route)) throw kernelError('No such process')
  return 0
}

function flush(run: IpRun, words: Words): number {
  if (words.isAtEnd) throw new IpError('"ip route flush" requires arguments.', 1)
  const filter = readFilter(run, words)
  run.demandRoot()
  run.network.routes.removeWhere(route => filter.tables.includes(route.table) && isWanted(route, filter))
  return 0
}
