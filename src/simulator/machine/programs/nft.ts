import type { NftChain, NftSet, NftTable } from '../../network/netfilter/nftables.ts'
import { builtInChains, type TableName } from '../../network/netfilter/table.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { inOrder } from './nft/elementOrder.ts'

/** Shows the tables of nftables. */
export const nft = defineProgram({
  name: 'nft',
  summary: 'administration tool of the nftables framework',
  usage: 'list {tables | chains | ruleset | table | chain | set | map} ...',
  package: 'nftables 1.0.6',
  options: [
    { short: 'n', long: 'numeric', help: 'print numbers' },
    { short: 'a', long: 'handle', help: 'print handles' },
    { short: 's', long: 'stateless', help: 'leave out what changes by itself' },
  ],
  notSimulated: '-f --file -i --interactive -j --json -c --check -e --echo -I --includepath -D --define -t --terse',
  async run(process, args) {
    const [verb, what, ...rest] = args.operands
    if (!mayAdministerNetwork(process.user)) return process.fail('Operation not permitted (you must be root)')
    if (verb !== 'list') return process.fail(`'${verb ?? ''}' is not simulated here: try nft list ruleset`)
    const tables = [...process.network.netfilter.nftables.values()]
    switch (what) {
      case 'tables':
        return write(process, listTables(process, tables, rest[0]))
      case 'chains':
        return write(process, listChains(process, tables, rest[0]))
      case 'ruleset':
        return listRuleset(process, tables, rest[0])
      case 'table':
      case 'chain':
      case 'set':
      case 'map':
        return listOne(process, tables, what, rest)
    }
    return process.fail(`list ${what ?? ''} is not simulated here`)
  },
})

async function write(process: Process, lines: readonly string[]): Promise<number> {
  if (lines.length > 0) await process.write(`${lines.join('\n')}\n`)
  return 0
}

/** Tables that iptables keeps in nftables, too. */
function iptablesTables(process: Process): TableName[] {
  return process.network.netfilter.tables.map(({ name }) => name)
}

function isShown({ family }: { readonly family: string }, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === family
}

function listTables(process: Process, tables: readonly NftTable[], family: string | undefined): string[] {
  const old = iptablesTables(process).map(name => ({ family: 'ip', name }))
  return [...old, ...tables].filter(table => isShown(table, family)).map(table => `table ${table.family} ${table.name}`)
}

function listChains(process: Process, tables: readonly NftTable[], family: string | undefined): string[] {
  const old = isShown({ family: 'ip' }, family)
    ? process.network.netfilter.tables.flatMap(({ name, chains }) => [
        `table ip ${name} {`,
        ...[...chains.keys()].flatMap(chain => [`\tchain ${chain} {`, ...oldBase(name, chain), '\t}']),
        '}',
      ])
    : []
  const own = tables
    .filter(table => isShown(table, family))
    .flatMap(({ family: its, name, chains }) => [
      `table ${its} ${name} {`,
      ...chains.flatMap(chain => [`\tchain ${chain.name} {`, ...baseLine(chain), '\t}']),
      '}',
    ])
  return [...old, ...own]
}

const oldPriorities: Readonly<Record<TableName, string>> = {
  raw: 'raw',
  mangle: 'mangle',
  nat: 'dstnat',
  filter: 'filter',
}

function oldBase(table: TableName, chain: string): string[] {
  if (!builtInChains[table].some(hook => hook === chain)) return []
  const isSource = table === 'nat' && (chain === 'INPUT' || chain === 'POSTROUTING')
  const priority = isSource ? 'srcnat' : oldPriorities[table]
  const type = table === 'nat' ? 'nat' : 'filter'
  return [`\t\ttype ${type} hook ${chain.toLowerCase()} priority ${priority}; policy accept;`]
}

function baseLine({ base }: NftChain): string[] {
  if (!base) return []
  return [`\t\ttype ${base.type} hook ${base.hook.toLowerCase()} priority ${base.priorityText}; policy accept;`]
}

async function listRuleset(process: Process, tables: readonly NftTable[], family: string | undefined): Promise<number> {
  // Simplified: the rules of iptables are left to iptables-save.
  if (isShown({ family: 'ip' }, family))
    for (const name of iptablesTables(process))
      await process.stderr.write(`# Warning: table ip ${name} is managed by iptables-nft, do not touch!\n`)
  return write(process, tables.filter(table => isShown(table, family)).flatMap(tableLines))
}

async function listOne(
  process: Process,
  tables: readonly NftTable[],
  what: 'table' | 'chain' | 'set' | 'map',
  words: readonly string[],
): Promise<number> {
  const family = words[0] === 'ip' || words[0] === 'ip6' ? words[0] : 'ip'
  const [tableName, name] = words[0] === family ? words.slice(1) : words
  const table = tables.find(other => other.family === family && other.name === tableName)
  const lines = table && (what === 'table' ? tableLines(table) : partLines(table, what, name))
  if (lines) return write(process, lines)
  const line = `list ${what} ${words.join(' ')}`
  await process.stderr.write(
    `Error: No such file or directory\n${line}\n${' '.repeat(line.lastIndexOf(' ') + 1)}${'^'.repeat(line.length - line.lastIndexOf(' ') - 1)}\n`,
  )
  return 1
}

function partLines(table: NftTable, what: 'chain' | 'set' | 'map', name: string | undefined): string[] | undefined {
  const chain = what === 'chain' ? table.chains.find(other => other.name === name) : undefined
  const set = what === 'chain' ? undefined : table.sets.find(other => other.kind === what && other.name === name)
  const lines = chain ? chainLines(chain) : set && setLines(set)
  return lines && [`table ${table.family} ${table.name} {`, ...lines, '}']
}

function tableLines(table: NftTable): string[] {
  const parts = [...table.sets.map(setLines), ...table.chains.map(chainLines)]
  const body = parts.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]))
  return [`table ${table.family} ${table.name} {`, `\tcomment "${table.comment}"`, '', ...body, '}']
}

function setLines({ kind, name, type, comment, elements }: NftSet): string[] {
  const list = inOrder(elements).join(',\n\t\t\t     ')
  return [
    `\t${kind} ${name} {`,
    `\t\ttype ${type}`,
    `\t\tcomment "${comment}"`,
    ...(list ? [`\t\telements = { ${list} }`] : []),
    '\t}',
  ]
}

function chainLines(chain: NftChain): string[] {
  return [`\tchain ${chain.name} {`, ...baseLine(chain), ...chain.rules.map(({ text }) => `\t\t${text}`), '\t}']
}
