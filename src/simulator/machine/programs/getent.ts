import { formatIpv4, parseIpv4 } from '../../network/address.ts'
import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { type HostEntry, ResolveError, resolveAddress, resolveHost } from '../resolver.ts'

const databases = [
  'ahosts',
  'ahostsv4',
  'ahostsv6',
  'aliases',
  'ethers',
  'group',
  'gshadow',
  'hosts',
  'initgroups',
  'netgroup',
  'networks',
  'passwd',
  'protocols',
  'rpc',
  'services',
  'shadow',
]

/** Asks the sources that /etc/nsswitch.conf names, as every program of the machine does. */
export const getent = defineProgram({
  name: 'getent',
  summary: 'get entries from Name Service Switch libraries',
  usage: '[OPTION...] database [key ...]',
  options: [
    { short: 's', long: 'service', value: 'CONFIG', help: 'service configuration to be used' },
    { short: 'i', long: 'no-idn', help: 'disable IDN encoding' },
  ],
  async run(process, args) {
    const [database, ...keys] = args.operands
    if (database === undefined)
      return process.fail("wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.")
    if (args.has('service')) return process.fail('option -s is not simulated here')
    switch (database) {
      case 'hosts':
        return each(process, keys, hosts)
      case 'ahosts':
      case 'ahostsv4':
        return each(process, keys, allHosts)
      case 'ahostsv6':
        return 2
      case 'passwd':
      case 'group':
      case 'shadow':
      case 'gshadow':
        return lines(process, `/etc/${database}`, keys, (line, key) => {
          const fields = line.split(':')
          return fields[0] === key || (database !== 'shadow' && database !== 'gshadow' && fields[2] === key)
        })
      case 'services':
      case 'protocols':
      case 'networks':
        return lines(process, `/etc/${database}`, keys, (line, key) => {
          const [name, number = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/)
          return name === key || number === key || number.replace(/\/.*/, '') === key || aliases.includes(key)
        })
      default:
        if (databases.includes(database)) return process.fail(`database ${database} is not simulated here`)
        await process.stderr.write(
          `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`,
        )
        return 1
    }
  },
})

/** Looks every key up; 2 when one is missing. */
async function each(
  process: Process,
  keys: readonly string[],
  look: (process: Process, key: string) => Promise<string | undefined>,
): Promise<number> {
  let status = 0
  for (const key of keys) {
    const text = await look(process, key)
    if (text === undefined) status = 2
    else await process.write(text)
  }
  return status
}

async function hosts(process: Process, key: string): Promise<string | undefined> {
  const address = parseIpv4(key)
  const entry = address === undefined ? await find(process, key) : await resolveAddress(process, address)
  if (!entry) return undefined
  const names = [entry.name, ...entry.aliases].join(' ')
  return entry.addresses.map(each => `${formatIpv4(each).padEnd(15)} ${names}\n`).join('')
}

async function allHosts(process: Process, key: string): Promise<string | undefined> {
  const entry = await find(process, key)
  if (!entry) return undefined
  return entry.addresses
    .flatMap((address, i) =>
      ['STREAM', 'DGRAM', 'RAW'].map(
        (type, j) => `${formatIpv4(address).padEnd(15)} ${type.padEnd(6)} ${i + j === 0 ? entry.name : ''}\n`,
      ),
    )
    .join('')
}

async function find(process: Process, name: string): Promise<HostEntry | undefined> {
  try {
    return await resolveHost(process, name)
  } catch (error) {
    if (error instanceof ResolveError) return undefined
    throw error
  }
}

async function lines(
  process: Process,
  file: string,
  keys: readonly string[],
  isWanted: (line: string, key: string) => boolean,
): Promise<number> {
  let text: string
  try {
    text = process.files.readText(file)
  } catch (error) {
    if (error instanceof FileError) return 2
    throw error
  }
  const all = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  if (keys.length === 0) {
    await process.write(all.map(line => `${line}\n`).join(''))
    return 0
  }
  let status = 0
  for (const key of keys) {
    const line = all.find(each => isWanted(each, key))
    if (line === undefined) status = 2
    else await process.write(`${line}\n`)
  }
  return status
}
