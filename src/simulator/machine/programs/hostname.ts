import { formatIpv4 } from '../../network/address.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { type Process, UsageError } from '../program.ts'
import { type HostEntry, ResolveError, resolveHost } from '../resolver.ts'

/** Prints or sets the name of the machine. */
export const hostname = defineProgram({
  name: 'hostname',
  summary: "show or set the system's host name",
  package: 'hostname 3.23',
  usage:
    '[-b] {hostname|-F file}         set host name (from file)\n       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name',
  options: [
    { short: 'a', long: 'alias', help: 'alias names' },
    { short: 'A', long: 'all-fqdns', help: 'all long host names (FQDNs)' },
    { short: 'd', long: 'domain', help: 'DNS domain name' },
    { short: 'f', long: 'fqdn', help: 'long host name (FQDN)' },
    { long: 'long', help: 'long host name (FQDN)' },
    { short: 'i', long: 'ip-address', help: 'addresses for the host name' },
    { short: 'I', long: 'all-ip-addresses', help: 'all addresses for the host' },
    { short: 's', long: 'short', help: 'short host name' },
  ],
  notSimulated: '-b --boot -F --file -y --yp --nis',
  usageStatus: 255,
  busybox: { usage: '[-sidf] [HOSTNAME | -F FILE]', options: 'sidf' },
  async run(process, args) {
    const { machine } = process
    const [name] = args.operands
    if (name !== undefined) {
      if (process.user.uid !== 0 || machine.parent !== undefined) {
        return process.fail(
          process.user.uid === 0 ? 'sethostname: Operation not permitted' : 'you must be root to change the host name',
        )
      }
      machine.hostname = name
      return 0
    }
    try {
      await process.write(`${await answer(process, args)}\n`)
      return 0
    } catch (error) {
      if (error instanceof ResolveError) {
        return process.fail(process.flavour === 'busybox' ? `${machine.hostname}: Host not found` : error.message)
      }
      throw error
    }
  },
})

async function answer(process: Process, args: Arguments): Promise<string> {
  const { hostname: own } = process.machine
  const what = args.given.at(-1)?.name
  switch (what) {
    case undefined:
      return own
    case 'short':
      return own.split('.')[0]!
    case 'all-ip-addresses':
      return [...addresses(process), ''].join(' ')
    case 'all-fqdns':
      return `${(await entryOf(process)).name} `
  }
  const entry = await entryOf(process)
  switch (what) {
    case 'alias':
      return entry.aliases.join(' ')
    case 'domain':
      return entry.name.includes('.') ? entry.name.slice(entry.name.indexOf('.') + 1) : ''
    case 'ip-address':
      return entry.addresses.map(formatIpv4).join(' ') + (process.flavour === 'busybox' ? ' ' : '')
    case 'fqdn':
    case 'long':
      return entry.name
    default:
      throw new UsageError(`option --${what} is not simulated here`)
  }
}

function entryOf(process: Process): Promise<HostEntry> {
  return resolveHost(process, process.machine.hostname)
}

function addresses(process: Process): string[] {
  return [...process.network.interfaces]
    .filter(({ kind }) => kind !== 'loopback')
    .flatMap(each => each.addresses.map(({ address }) => formatIpv4(address)))
}
