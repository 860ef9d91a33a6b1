import { formatIpv4, maskOf, networkOf, type Prefix, parseIpv4, parsePrefix } from '../../network/address.ts'
import { NetworkError } from '../../network/namespace.ts'
import type { Route } from '../../network/routes.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'

/** Shows and changes the routing table. */
export const route = defineProgram({
  name: 'route',
  summary: 'show / manipulate the IP routing table',
  usage: '[-n] [{add|del} ...]',
  package: 'net-tools 2.10',
  operandsEndOptions: true,
  options: [
    { short: 'n', long: 'numeric', help: "don't resolve names" },
    { short: 'e', long: 'extend', help: 'display other/more information' },
  ],
  notSimulated: '-F --fib -C --cache -A -4 -6 -v --verbose --inet --inet6',
  async run(process, args) {
    const [command, ...words] = args.operands
    if (command === undefined) return show(process, args.has('numeric'))
    if (command !== 'add' && command !== 'del' && command !== 'delete') {
      await process.stderr.write('Usage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables\n')
      return 4
    }
    return change(process, command === 'add', words)
  },
})

async function show(process: Process, isNumeric: boolean): Promise<number> {
  const nowhere = isNumeric ? '0.0.0.0' : process.flavour === 'busybox' ? '*' : '0.0.0.0'
  await process.write(
    'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n',
  )
  for (const each of process.network.routes.list()) {
    const isDefault = each.destination.length === 0
    const destination = isDefault && !isNumeric ? 'default' : formatIpv4(each.destination.address)
    const gateway = each.gateway === undefined ? (isRefusal(each) ? '-' : nowhere) : formatIpv4(each.gateway)
    const flags = `${isRefusal(each) ? '!' : 'U'}${each.gateway === undefined ? '' : 'G'}${each.destination.length === 32 ? 'H' : ''}`
    await process.write(
      `${destination.padEnd(15)} ${gateway.padEnd(15)} ${formatIpv4(maskOf(each.destination.length)).padEnd(15)} ` +
        `${flags.padEnd(5)} ${String(each.metric ?? 0).padEnd(6)} ${isRefusal(each) ? '-     ' : '0     '}   0 ${each.interface ?? '-'}\n`,
    )
  }
  return 0
}

function isRefusal(each: Route): boolean {
  return each.kind !== 'unicast' && each.kind !== 'local' && each.kind !== 'broadcast'
}

async function change(process: Process, isNew: boolean, words: readonly string[]): Promise<number> {
  let destination: Prefix | undefined
  let gateway: number | undefined
  let device: string | undefined
  let metric: number | undefined
  let kind: Route['kind'] | undefined
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '-net' || word === '-host') continue
    if (word === 'gw') gateway = parseIpv4(words[++i] ?? '')
    else if (word === 'netmask') {
      const mask = parseIpv4(words[++i] ?? '')
      if (mask === undefined || !destination) return process.fail('bogus netmask', 4)
      destination = { address: destination.address, length: Math.clz32(~mask) }
    } else if (word === 'dev') device = words[++i]
    else if (word === 'metric') metric = Number(words[++i])
    else if (word === 'reject') kind = 'unreachable'
    else if (word === 'default') destination = { address: 0, length: 0 }
    else if (!destination) {
      destination = parsePrefix(word)
      if (!destination) {
        await process.stderr.write(`${word}: Unknown host\n`)
        return 1
      }
    } else device = word
  }
  if (!destination) return process.fail('Unknown host', 4)
  if (!mayAdministerNetwork(process.user)) {
    await process.stderr.write(`SIOC${isNew ? 'ADD' : 'DEL'}RT: Operation not permitted\n`)
    return 7
  }
  const given = {
    ...(gateway === undefined ? {} : { gateway }),
    ...(device === undefined ? {} : { interface: device }),
    ...(metric === undefined ? {} : { metric }),
    ...(kind === undefined ? {} : { kind }),
  }
  if (!isNew) {
    if (process.network.routes.remove({ destination, ...given })) return 0
    await process.stderr.write('SIOCDELRT: No such process\n')
    return 7
  }
  if (networkOf(destination).address !== destination.address)
    return process.fail("netmask doesn't match route address", 4)
  try {
    process.network.addRoute(destination, given)
    return 0
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    const text = error.message.startsWith('Error:')
      ? 'Network is unreachable'
      : error.message.replace('RTNETLINK answers: ', '')
    await process.stderr.write(`SIOCADDRT: ${text.startsWith('Cannot find device') ? 'No such device' : text}\n`)
    return 7
  }
}
