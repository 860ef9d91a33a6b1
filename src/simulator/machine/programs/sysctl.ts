import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'

/** Shows and changes settings of the kernel. */
// Simplified: the settings of the network are there, of the others only a few that can't be changed.
export const sysctl = defineProgram({
  name: 'sysctl',
  summary: 'configure kernel parameters at runtime',
  usage: '[options] [variable[=value] ...]',
  package: 'procps-ng 4.0.2',
  options: [
    { short: 'a', long: 'all', help: 'display all variables' },
    { short: 'A', help: 'alias of -a' },
    { short: 'e', long: 'ignore', help: 'ignore unknown variables errors' },
    { short: 'n', long: 'values', help: 'print only values of the given variable(s)' },
    { short: 'N', long: 'names', help: 'print variable names without values' },
    { short: 'p', long: 'load', value: '[file]', help: 'read values from file' },
    { short: 'q', long: 'quiet', help: 'do not echo variable set' },
    { long: 'system', help: 'read values from all system directories' },
    { short: 'w', long: 'write', help: 'enable writing a value to variable' },
  ],
  notSimulated: '-b --binary -r --pattern --dry-run -d -X -x -o -f',
  async run(process, args) {
    const style = { isBare: args.has('values'), isNameOnly: args.has('names'), isQuiet: args.has('quiet') }
    if (args.has('all') || args.has('A')) {
      for (const [name, value] of [...settings(process)].sort(([a], [b]) => (a < b ? -1 : 1)))
        await process.write(shown(name, value, style))
      return 0
    }
    if (args.has('system')) return loadAll(process, style)
    if (args.has('load')) {
      const files = [args.get('load') ?? args.operands[0] ?? '/etc/sysctl.conf']
      let status = 0
      for (const file of files) status = (await load(process, file, style)) || status
      return status
    }
    if (args.operands.length === 0) {
      await process.stderr.write('\nUsage:\n sysctl [options] [variable[=value] ...]\n')
      return 1
    }
    let status = 0
    for (const word of args.operands) status = (await one(process, word, style, args.has('ignore'))) || status
    return status
  },
})

interface Style {
  readonly isBare: boolean
  readonly isNameOnly: boolean
  readonly isQuiet: boolean
}

function shown(name: string, value: string, style: Style): string {
  if (style.isNameOnly) return `${name}\n`
  return style.isBare ? `${value}\n` : `${name} = ${value}\n`
}

function settings(process: Process): Map<string, string> {
  const all = new Map(process.network.sysctl)
  all.set('kernel.hostname', process.machine.hostname)
  all.set(connectionCount, String(process.network.connections.list().length))
  for (const [name, value] of fixed) all.set(name, value)
  return all
}

const connectionCount = 'net.netfilter.nf_conntrack_count'

const fixed: readonly (readonly [string, string])[] = [
  ['fs.file-max', '9223372036854775807'],
  ['fs.inotify.max_user_instances', '128'],
  ['fs.inotify.max_user_watches', '65536'],
  ['kernel.osrelease', '6.1.0-27-amd64'],
  ['kernel.ostype', 'Linux'],
  ['kernel.pid_max', '4194304'],
  ['vm.max_map_count', '65530'],
  ['vm.overcommit_memory', '1'],
  ['vm.swappiness', '60'],
]

async function one(process: Process, word: string, style: Style, ignoresUnknown: boolean): Promise<number> {
  const [key = '', ...rest] = word.split('=')
  const name = key.trim().replace(/\//g, '.')
  const old = settings(process).get(name)
  if (old === undefined) {
    if (ignoresUnknown) return 0
    if (process.flavour === 'busybox') return process.fail(`error: '${name}' is an unknown key`)
    return process.fail(`cannot stat /proc/sys/${name.replace(/\./g, '/')}: No such file or directory`)
  }
  if (rest.length === 0) {
    await process.write(shown(name, old, style))
    return 0
  }
  const value = rest.join('=').trim()
  if (process.user.uid !== 0 || name === connectionCount) return process.fail(`permission denied on key "${name}"`)
  if (process.machine.parent && name !== 'kernel.hostname') {
    // Containers see /proc/sys read-only unless they are privileged.
    return process.fail(`setting key "${name}": Read-only file system`)
  }
  if (name === 'kernel.hostname') process.machine.hostname = value
  else if (process.network.sysctl.has(name)) {
    if (/^\d+$/.test(old) && !/^-?\d+$/.test(value)) return process.fail(`setting key "${name}": Invalid argument`)
    process.network.sysctl.set(name, value)
  } else return process.fail(`setting ${name} is not simulated here`)
  if (!style.isQuiet) await process.write(shown(name, value, style))
  return 0
}

async function load(process: Process, file: string, style: Style): Promise<number> {
  let text: string
  try {
    text = process.files.readText(process.path(file))
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    return process.fail(`cannot open "${file}": ${error.text}`)
  }
  let status = 0
  for (const line of text.split('\n')) {
    const setting = line.trim()
    if (setting === '' || setting.startsWith('#') || setting.startsWith(';')) continue
    const parts = /^(-?)([^=\s]+)\s*=\s*(.*)$/.exec(setting)
    if (parts) status = (await one(process, `${parts[2]}=${parts[3]}`, style, parts[1] === '-')) || status
  }
  return status
}

/** The directories in order; a name in an earlier one hides the same name in later ones. */
async function loadAll(process: Process, style: Style): Promise<number> {
  const files = new Map<string, string>()
  for (const directory of [
    '/run/sysctl.d',
    '/etc/sysctl.d',
    '/usr/local/lib/sysctl.d',
    '/usr/lib/sysctl.d',
    '/lib/sysctl.d',
  ]) {
    if (!process.files.isDirectory(directory)) continue
    for (const name of process.files.list(directory))
      if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${directory}/${name}`)
  }
  const paths = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
  if (process.files.exists('/etc/sysctl.conf')) paths.push('/etc/sysctl.conf')
  let status = 0
  for (const path of paths) {
    await process.write(`* Applying ${path} ...\n`)
    status = (await load(process, path, style)) || status
  }
  return status
}
