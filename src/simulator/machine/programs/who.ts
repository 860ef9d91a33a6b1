import { formatDate, zoneOf } from '../dateFormat.ts'
import { defineProgram } from '../options.ts'
import { sessionsOn } from '../sessions.ts'

/** Shows who is logged in. */
export const who = defineProgram({
  name: 'who',
  summary: 'show who is logged on',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [ FILE | ARG1 ARG2 ]',
  options: [
    { short: 'H', long: 'heading', help: 'print line of column headings' },
    { short: 'm', help: 'only hostname and user associated with stdin' },
    { short: 'q', long: 'count', help: 'all login names and number of users logged on' },
    { short: 'a', long: 'all', help: 'same as -b -d --login -p -r -t -T -u' },
    { short: 's', long: 'short', help: 'print only name, line, and time (default)' },
  ],
  notSimulated:
    '-b --boot -d --dead -l --login --lookup -p --process -r --runlevel -t --time -T -w --mesg --message --writable -u --users',
  busybox: { usage: '[-aH]', options: 'aH' },
  async run(process, args) {
    const sessions = sessionsOn(process.machine)
    if (args.has('count')) {
      await process.write(`${sessions.map(({ user }) => user).join(' ')}\n# users=${sessions.length}\n`)
      return 0
    }
    const zone = zoneOf(process.env.get('TZ'))
    const heading = args.has('heading') ? 'NAME     LINE         TIME             COMMENT\n' : ''
    const lines = sessions.map(
      ({ user, line, since }) => `${user.padEnd(8)} ${line.padEnd(12)} ${formatDate('%Y-%m-%d %H:%M', since, zone)}\n`,
    )
    await process.write(heading + lines.join(''))
    return 0
  },
})
