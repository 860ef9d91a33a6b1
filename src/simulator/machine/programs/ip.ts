import type { Option, Process, Program } from '../program.ts'
import { ipAddress } from './ip/address.ts'
import { ipLink } from './ip/link.ts'
import { ipNeighbour } from './ip/neighbour.ts'
import { ipNetns } from './ip/netns.ts'
import { ipRoute } from './ip/route.ts'
import { IpRun } from './ip/run.ts'
import { IpError, Words } from './ip/words.ts'

const options: readonly Option[] = [
  { short: '4', help: 'IPv4 only' },
  { short: '6', help: 'IPv6 only' },
  { short: 'o', long: 'oneline', help: 'each record on a single line' },
  { short: 'd', long: 'details', help: 'more detailed information' },
  { short: 's', long: 'statistics', help: 'more information: counters' },
  { long: 'brief', help: 'basic information in a tabular format: -br' },
  { short: 'c', long: 'color', help: 'color output' },
  { short: 'n', long: 'netns', value: 'NETNS', help: 'switch to another network namespace' },
  { short: 'f', long: 'family', value: 'FAMILY', help: 'the protocol family: inet' },
  { short: 'V', long: 'Version', help: 'print the version' },
]

type Command = (run: IpRun, words: Words) => Promise<number>

/** The objects, in the order in which shortened names find them (ip/ip.c). */
const objects: readonly (readonly [name: string, command: Command])[] = [
  ['address', ipAddress],
  ['route', ipRoute],
  ['rule', ipRule],
  ['neighbor', ipNeighbour],
  ['neighbour', ipNeighbour],
  ['link', ipLink],
  ['netns', ipNetns],
]

const notSimulated = [
  'maddress',
  'mroute',
  'mrule',
  'monitor',
  'xfrm',
  'tunnel',
  'tuntap',
  'tap',
  'token',
  'l2tp',
  'macsec',
  'tcp_metrics',
  'vrf',
  'sr',
  'nexthop',
  'mptcp',
  'ioam',
  'addrlabel',
  'ntable',
  'stats',
  'fou',
  'ila',
]

const usage = `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
       ip [ -force ] -batch filename
where  OBJECT := { address | link | neighbor | netns | route | rule }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] |
                    -4 | -o[neline] | -br[ief] | -n[etns] name | -c[olor] }
`

/** Shows and changes interfaces, addresses, routes and neighbours. */
export const ip: Program = {
  name: 'ip',
  summary: 'show / manipulate routing, network devices, interfaces and tunnels',
  usage: '[ OPTIONS ] OBJECT { COMMAND | help }',
  options,
  complete(_process, words) {
    return words.length <= 2 ? objects.map(([name]) => name) : ['show', 'list', 'add', 'del', 'set', 'get', 'dev']
  },
  async run(process) {
    try {
      return await runIp(process)
    } catch (error) {
      if (!(error instanceof IpError)) throw error
      const text = process.flavour === 'busybox' ? `ip: ${error.message.replace(/^ip: /, '')}` : error.message
      await process.stderr.write(`${text}\n`)
      return process.flavour === 'busybox' ? Math.min(error.status, 2) : error.status
    }
  },
}

async function runIp(process: Process): Promise<number> {
  const words = process.argv.slice(1)
  let family: 4 | undefined
  const flags = new Set<string>()
  let networkName: string | undefined
  let at = 0
  for (; at < words.length && words[at]!.startsWith('-'); at++) {
    const word = words[at]!.replace(/^--?/, '')
    if (word === '4') family = 4
    else if (word === '6' || word === '0' || word === 'B' || word === 'M')
      throw new IpError(`ip: option -${word} is not simulated here`, 1)
    else if (word === 'n' || word === 'netns') networkName = words[++at] ?? ''
    else if (word === 'f' || word === 'family') {
      if (words[++at] !== 'inet') throw new IpError(`ip: family ${words[at]} is not simulated here`, 1)
      family = 4
    } else if (/^br?(i(e(f)?)?)?$/.test(word) && word !== 'b') flags.add('brief')
    else if (word !== '' && 'oneline'.startsWith(word)) flags.add('oneline')
    else if (word !== '' && 'details'.startsWith(word)) flags.add('details')
    else if (word !== '' && ('statistics'.startsWith(word) || 'stats'.startsWith(word))) flags.add('statistics')
    // Simplified: colours are never written.
    else if (/^c(o(l(o(r(=.*)?)?)?)?)?$/.test(word)) flags.add('color')
    else if (word === 'V' || word === 'Version') {
      await process.write('ip utility, iproute2-6.1.0, libbpf 1.1.0\n')
      return 0
    } else if (/^(h|help|human|human-readable)$/.test(word)) {
      await process.stderr.write(usage)
      return 255
    } else if (
      /^(j|json|p|pretty|t|timestamp|ts|r|resolve|a|all|l|loops|N|Numeric|batch|b|force|rc|echo|iec)$/.test(word)
    )
      throw new IpError(`ip: option -${word} is not simulated here`, 1)
    else throw new IpError(`Option "-${word}" is unknown, try "ip -help".`)
  }
  const object = words[at]
  if (object === undefined || object === 'help') {
    await process.stderr.write(usage)
    return 255
  }
  const found = objects.find(([name]) => name === object) ?? objects.find(([name]) => name.startsWith(object))
  if (!found) {
    if (notSimulated.includes(object)) throw new IpError(`ip: "ip ${object}" is not simulated here`, 1)
    throw new IpError(`Object "${object}" is unknown, try "ip help".`, 1)
  }
  const run = new IpRun(
    process,
    {
      family,
      isBrief: flags.has('brief'),
      isOneLine: flags.has('oneline'),
      hasDetails: flags.has('details'),
      hasStatistics: flags.has('statistics'),
    },
    networkName,
  )
  return found[1](run, new Words(words.slice(at + 1)))
}

/** `ip rule`: the tables that are asked, in order. */
// Simplified: the three rules of every Linux machine cannot be changed.
async function ipRule(run: IpRun, words: Words): Promise<number> {
  const command = words.take('list', 'lst', 'show', 'add', 'delete', 'flush', 'save', 'restore')
  if (command && !['list', 'lst', 'show'].includes(command))
    throw new IpError(`ip: "ip rule ${command}" is not simulated here`, 1)
  if (!command && !words.isAtEnd) throw new IpError(`Command "${words.peek}" is unknown, try "ip rule help".`)
  await run.print('0:\tfrom all lookup local')
  await run.print('32766:\tfrom all lookup main')
  await run.print('32767:\tfrom all lookup default')
  return 0
}
