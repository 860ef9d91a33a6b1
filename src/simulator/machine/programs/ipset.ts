import { formatPrefix, networkOf, parsePrefix } from '../../network/address.ts'
import { AddressSet, type SetEntry } from '../../network/netfilter/addressSet.ts'
import type { Netfilter } from '../../network/netfilter/netfilter.ts'
import type { Protocol } from '../../network/packet.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import type { Process, Program } from '../program.ts'

const version = 'ipset v7.17'
const types = ['hash:ip', 'hash:net', 'hash:ip,port', 'hash:net,port']

/** Shows and changes sets of addresses, which rules of iptables can ask. */
export const ipset: Program = {
  name: 'ipset',
  summary: 'administration tool for IP sets',
  usage: '[options] COMMAND',
  async run(process) {
    try {
      const output = new SetCommand(process).run()
      if (output !== '') await process.write(output)
      return 0
    } catch (error) {
      if (error instanceof SetPresence) {
        await process.stderr.write(`${error.message}\n`)
        return 0
      }
      if (!(error instanceof SetProblem)) throw error
      await process.stderr.write(`${error.message}\n`)
      return 1
    }
  },
}

/** What keeps the command from being done; the message is the program's. */
class SetProblem extends Error {
  constructor(message: string, isPlain = false) {
    super(isPlain ? message : `${version}: ${message}`)
  }
}

class SetCommand {
  readonly #netfilter: Netfilter
  readonly #isAllowed: boolean
  readonly #words: string[] = []
  #isNameOnly = false
  #isTerse = false
  #isSave = false
  #ignoresExisting = false

  constructor({ argv, network, user }: Process) {
    this.#netfilter = network.netfilter
    this.#isAllowed = mayAdministerNetwork(user)
    for (let i = 1; i < argv.length; i++) {
      const word = argv[i]!
      if (/^--?(n|name)$/.test(word)) this.#isNameOnly = true
      else if (/^--?(t|terse)$/.test(word)) this.#isTerse = true
      else if (/^--?(s|sorted|q|quiet)$/.test(word)) continue
      else if (/^(-!|--?exist)$/.test(word)) this.#ignoresExisting = true
      else if (/^--?(o|output)$/.test(word)) {
        const format = argv[++i]
        if (format !== 'plain' && format !== 'save') throw new SetProblem(`output ${format} is not simulated here`)
        this.#isSave = format === 'save'
      } else this.#words.push(word)
    }
  }

  run(): string {
    const [command, name, ...rest] = this.#words
    if (command === undefined) throw new SetProblem('No command specified.')
    if (command === 'version' || command === '--version') return `${version}, protocol version: 7\n`
    if (!this.#isAllowed) throw new SetProblem('Kernel error received: Operation not permitted')
    switch (command) {
      case 'list':
      case '-L':
        return this.#chosen(name)
          .map(set => this.#listing(set))
          .join(this.#isNameOnly || this.#isSave ? '' : '\n')
      case 'save':
        return this.#chosen(name).map(saved).join('')
      case 'create':
      case '-N':
        return this.#create(needed(name), rest)
      case 'add':
      case '-A':
        if (!this.#set(name).add(entryOf(this.#set(name), rest[0])) && !this.#ignoresExisting)
          throw new SetProblem("Element cannot be added to the set: it's already added")
        return ''
      case 'del':
      case '-D':
        if (!this.#set(name).remove(entryOf(this.#set(name), rest[0])) && !this.#ignoresExisting)
          throw new SetProblem("Element cannot be deleted from the set: it's not added")
        return ''
      case 'test':
      case '-T':
        return this.#test(this.#set(name), rest[0])
      case 'flush':
      case '-F':
        for (const set of this.#chosen(name)) set.clear()
        return ''
      case 'destroy':
      case '-X':
        return this.#destroy(this.#chosen(name))
      default:
        if (/^(swap|rename|restore|-[WER])$/.test(command)) throw new SetProblem(`${command} is not simulated here`)
        throw new SetProblem(`Unknown argument: \`${command}'\nTry \`ipset help' for more information.`)
    }
  }

  #set(name: string | undefined): AddressSet {
    const set = this.#netfilter.sets.get(needed(name))
    if (!set) throw new SetProblem('The set with the given name does not exist')
    return set
  }

  #chosen(name: string | undefined): AddressSet[] {
    return name === undefined ? [...this.#netfilter.sets.values()] : [this.#set(name)]
  }

  #create(name: string, [type = '', ...options]: readonly string[]): string {
    if (this.#netfilter.sets.has(name)) {
      if (this.#ignoresExisting) return ''
      throw new SetProblem('Set cannot be created: set with the same name already exists')
    }
    if (!types.includes(type)) throw new SetProblem(`Syntax error: typename '${type}' is unknown`)
    if (options.length > 0) throw new SetProblem(`${options.join(' ')} is not simulated here`)
    this.#netfilter.sets.set(name, new AddressSet(name, type))
    return ''
  }

  #destroy(sets: readonly AddressSet[]): string {
    if (sets.some(set => this.#references(set) > 0))
      throw new SetProblem('Set cannot be destroyed: it is in use by a kernel component')
    for (const { name } of sets) this.#netfilter.sets.delete(name)
    return ''
  }

  /** The answer goes to stderr either way. */
  #test(set: AddressSet, text: string | undefined): never {
    const entry = entryOf(set, text)
    if (set.has(entry.prefix.address, entry.protocol ?? 'tcp', entry.port))
      throw new SetPresence(`${text} is in set ${set.name}.`)
    throw new SetProblem(`${text} is NOT in set ${set.name}.`, true)
  }

  /** How many rules ask a set. */
  #references({ name }: AddressSet): number {
    let count = 0
    for (const table of this.#netfilter.tables)
      for (const chain of table.chains.values())
        for (const { text } of chain.rules)
          count += text.matches.filter(match => match.kind === 'set' && match.name.value === name).length
    return count
  }

  // Simplified: the size in memory is that of a table whose members lie one after the other.
  #listing(set: AddressSet): string {
    if (this.#isNameOnly) return `${set.name}\n`
    if (this.#isSave) return saved(set)
    const lines = [
      `Name: ${set.name}`,
      `Type: ${set.type}`,
      `Revision: ${set.type === 'bitmap:port' ? 3 : set.type.includes('net') ? 7 : 6}`,
      `Header: ${headerOf(set)}`,
      `Size in memory: ${456 + set.size * 64}`,
      `References: ${this.#references(set)}`,
      `Number of entries: ${set.size}`,
    ]
    if (!this.#isTerse) lines.push('Members:', ...set.members)
    return `${lines.join('\n')}\n`
  }
}

/** Not a failure: ipset says on stderr that an element is in a set. */
class SetPresence extends Error {}

function needed(name: string | undefined): string {
  if (name === undefined) throw new SetProblem('Missing mandatory argument to command')
  return name
}

function headerOf({ maxElements, type }: AddressSet): string {
  if (type === 'bitmap:port') return 'range 0-65535'
  return `family inet hashsize 1024 maxelem ${maxElements} bucketsize 12 initval 0x00000000`
}

function saved(set: AddressSet): string {
  const members = set.members.map(member => `add ${set.name} ${member}\n`)
  return `create ${set.name} ${set.type} ${headerOf(set)}\n${members.join('')}`
}

/** `10.244.1.5`, `10.244.0.0/16`, `10.244.1.5,tcp:80`. */
function entryOf({ type }: AddressSet, text: string | undefined): SetEntry {
  const [address = '', port] = needed(text).split(',')
  const prefix = parsePrefix(address)
  if (!prefix) throw new SetProblem(`Syntax error: cannot parse ${address}: resolving to IPv4 address failed`)
  if (!type.includes('net') && prefix.length < 32)
    throw new SetProblem(`Syntax error: ${formatPrefix(prefix)} is a range, which ${type} does not take here`)
  if (type.endsWith(',port') !== (port !== undefined))
    throw new SetProblem(
      `Syntax error: ${port === undefined ? 'Second' : 'Unexpected second'} element is ${port === undefined ? 'missing from' : 'in'} ${text}.`,
    )
  if (port === undefined) return { prefix: networkOf(prefix) }
  const [protocol = 'tcp', number] = port.includes(':') ? port.split(':') : ['tcp', port]
  if (!/^\d+$/.test(number ?? '')) throw new SetProblem(`Syntax error: cannot parse '${number}' as a ${protocol} port`)
  return { prefix: networkOf(prefix), protocol: protocol as Protocol, port: Number(number) }
}
