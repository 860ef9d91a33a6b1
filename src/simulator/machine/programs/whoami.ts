import { defineProgram } from '../options.ts'

/** Prints the name of the user. */
export const whoami = defineProgram({
  name: 'whoami',
  summary: 'print effective user name',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]...',
  options: [],
  busybox: { usage: '' },
  async run(process, args) {
    args.demandOperands(0, 0)
    const { uid } = process.user
    const name = process.machine.users.byId(uid)?.name
    if (name !== undefined) {
      await process.write(`${name}\n`)
      return 0
    }
    return process.fail(
      process.flavour === 'busybox'
        ? `unknown uid ${uid}`
        : `cannot find name for user ID ${uid}: No such file or directory`,
    )
  },
})
