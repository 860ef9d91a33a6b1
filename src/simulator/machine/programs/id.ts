import type { Machine } from '../machine.ts'
import { defineProgram } from '../options.ts'
import type { Process, User } from '../program.ts'
import { quoted } from '../quoting.ts'

/** Prints who someone is. */
export const id = defineProgram({
  name: 'id',
  summary: 'print real and effective user and group IDs',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [USER]...',
  options: [
    { short: 'a', help: 'ignore, for compatibility with other versions' },
    { short: 'g', long: 'group', help: 'print only the effective group ID' },
    { short: 'G', long: 'groups', help: 'print all group IDs' },
    { short: 'n', long: 'name', help: 'print a name instead of a number, for -ugG' },
    { short: 'r', long: 'real', help: 'print the real ID instead of the effective ID, with -ugG' },
    { short: 'u', long: 'user', help: 'print only the effective user ID' },
    { short: 'z', long: 'zero', help: 'delimit entries with NUL characters, not whitespace' },
  ],
  notSimulated: '-Z --context',
  busybox: { usage: '[-ugGnr] [USER]', options: 'ugGnra' },
  async run(process, args) {
    const kinds = args.given.filter(({ name }) => name === 'user' || name === 'group' || name === 'groups')
    if (new Set(kinds.map(({ name }) => name)).size > 1)
      return process.fail('cannot print "only" of more than one choice')
    const kind = kinds[0]?.name
    if (kind === undefined && (args.has('name') || args.has('real'))) {
      return process.fail('cannot print only names or real IDs in default format')
    }
    let status = 0
    for (const word of args.operands.length > 0 ? args.operands : [undefined]) {
      const user = word === undefined ? process.user : findUser(process, word)
      if (!user) {
        const isBusybox = process.flavour === 'busybox'
        status = await process.fail(isBusybox ? `unknown user ${word}` : `${quoted(process, word!)}: no such user`)
        continue
      }
      await process.write(describe(process.machine, user, kind, args.has('name'), args.has('zero')))
    }
    return status
  },
})

function findUser({ machine: { users } }: Process, word: string): User | undefined {
  return users.byName(word) ?? (/^\d+$/.test(word) ? users.byId(Number(word)) : undefined)
}

function describe({ users }: Machine, user: User, kind: string | undefined, isName: boolean, isZero: boolean): string {
  const groups = [...new Set([user.gid, ...(user.groups ?? [])])]
  const end = isZero ? '\0' : '\n'
  const userName = users.byId(user.uid)?.name
  const groupName = (gid: number) => users.groups().find(group => group.gid === gid)?.name
  switch (kind) {
    case 'user':
      return (isName ? (userName ?? String(user.uid)) : String(user.uid)) + end
    case 'group':
      return (isName ? (groupName(user.gid) ?? String(user.gid)) : String(user.gid)) + end
    case 'groups':
      return groups.map(gid => (isName ? (groupName(gid) ?? String(gid)) : String(gid))).join(isZero ? '\0' : ' ') + end
  }
  const named = (number: number, name: string | undefined) =>
    name === undefined ? String(number) : `${number}(${name})`
  const all = groups.map(gid => named(gid, groupName(gid))).join(',')
  return `uid=${named(user.uid, userName)} gid=${named(user.gid, groupName(user.gid))} groups=${all}${end}`
}
