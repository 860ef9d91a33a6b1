import { parseIpv4 } from '../../../network/address.ts'
import type { Endpoint } from '../../../network/sockets.ts'
import { absolute, CorefileError, type Directive } from './corefile.ts'
import { type DnsPlugin, type DnsSurroundings, questionOf, zoneOf } from './plugin.ts'

/** Passes questions on to other name servers, one picked by chance, the next when it is silent. */
export function forwardPlugin({ args, line, block }: Directive, surroundings: DnsSurroundings): DnsPlugin {
  const [from = '.', ...targets] = args
  const zone = absolute(from)
  const except = (block.find(({ name }) => name === 'except')?.args ?? []).map(absolute)
  const servers = targets.flatMap(target => readServers(target, surroundings, line))
  return {
    answer(request, reply, next) {
      const { name } = questionOf(request)
      if (zoneOf(name, [zone]) === undefined || zoneOf(name, except) !== undefined) return next(request, reply)
      const first = surroundings.random.below(Math.max(1, servers.length))
      const order = [...servers.slice(first), ...servers.slice(0, first)]
      const ask = () => {
        const server = order.shift()
        if (!server) return reply(undefined)
        surroundings.ask(server, request, answer => (answer ? reply({ ...answer, id: request.id }) : ask()))
      }
      ask()
    },
  }
}

/** An address with or without a port, or a file like `/etc/resolv.conf`. */
function readServers(target: string, { readFile }: DnsSurroundings, line: number): Endpoint[] {
  if (target.startsWith('/')) {
    const text = readFile(target) ?? ''
    return [...text.matchAll(/^nameserver\s+(\S+)/gm)].flatMap(([, server = '']) => endpointOf(server))
  }
  const servers = endpointOf(target.replace(/^dns:\/\//, ''))
  if (servers.length === 0)
    throw new CorefileError(
      `plugin/forward: Corefile:${line} - Error during parsing: not an IP address or file: "${target}"`,
    )
  return servers
}

function endpointOf(text: string): Endpoint[] {
  const [host = '', port = '53'] = text.split(':')
  const address = parseIpv4(host)
  return address === undefined ? [] : [{ address, port: Number(port) }]
}
