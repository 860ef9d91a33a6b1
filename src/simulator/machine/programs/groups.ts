import { defineProgram } from '../options.ts'
import { quoted } from '../quoting.ts'

/** Prints the groups that someone is in. */
export const groups = defineProgram({
  name: 'groups',
  summary: 'print the groups a user is in',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [USERNAME]...',
  options: [],
  busybox: { usage: '[USER]' },
  async run(process, args) {
    const { users } = process.machine
    let status = 0
    for (const name of args.operands.length > 0 ? args.operands : [undefined]) {
      const user = name === undefined ? process.user : users.byName(name)
      if (!user) {
        status = await process.fail(`${quoted(process, name!)}: no such user`)
        continue
      }
      const all = [...new Set([user.gid, ...(user.groups ?? [])])].map(gid => users.groupName(gid)).join(' ')
      await process.write(`${name === undefined || process.flavour === 'busybox' ? '' : `${name} : `}${all}\n`)
    }
    return status
  },
})
