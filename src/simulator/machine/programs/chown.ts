import { FileError } from '../fileError.ts'
import type { Stat } from '../inode.ts'
import { type Arguments, defineProgram, type OptionName } from '../options.ts'
import { joinPath } from '../path.ts'
import { Exit, type Process } from '../program.ts'
import { quoted, quotedName } from '../quoting.ts'

const options = [
  { short: 'c', long: 'changes', help: 'like verbose but report only when a change is made' },
  { short: 'f', long: 'silent', help: 'suppress most error messages' },
  { long: 'quiet', help: 'same as --silent' },
  { short: 'v', long: 'verbose', help: 'output a diagnostic for every file processed' },
  { short: 'h', long: 'no-dereference', help: 'affect symbolic links instead of any referenced file' },
  { long: 'dereference', help: 'affect the referent of each symbolic link (this is the default)' },
  { long: 'reference', value: 'RFILE', help: "use RFILE's owner and group" },
  { short: 'R', long: 'recursive', help: 'operate on files and directories recursively' },
] as const

const declaration = {
  package: 'GNU coreutils 9.1',
  options,
  notSimulated: '--from --preserve-root --no-preserve-root -H -L -P',
} as const

/** Gives files to another user or group. */
export const chown = defineProgram({
  ...declaration,
  name: 'chown',
  summary: 'change file owner and group',
  usage: '[OPTION]... [OWNER][:[GROUP]] FILE...',
  busybox: { usage: '[-RhLHPcvf]... USER[:[GRP]] FILE...', options: 'Rhcvf' },
  run: (process, args) => change(process, args, word => ownership(process, word)),
})

/** Gives files to another group. */
export const chgrp = defineProgram({
  ...declaration,
  name: 'chgrp',
  summary: 'change group ownership',
  usage: '[OPTION]... GROUP FILE...',
  busybox: { usage: '[-RhLHPcvf]... GROUP FILE...', options: 'Rhcvf' },
  run: (process, args) => change(process, args, word => ({ gid: groupId(process, word) })),
})

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

async function change(
  process: Process,
  args: Arguments<OptionName<typeof options>>,
  read: (word: string) => Owner,
): Promise<number> {
  const reference = args.get('reference')
  const [word, ...others] = args.operands
  const names = reference === undefined ? others : args.operands
  if (word === undefined) throw args.misuse('missing operand')
  if (names.length === 0) throw args.misuse(`missing operand after ${quoted(process, word)}`)
  let owner: Owner
  try {
    owner = reference === undefined ? read(word) : process.files.stat(process.path(reference))
  } catch (error) {
    if (error instanceof UnknownName) throw new Exit(await process.fail(error.message))
    if (error instanceof FileError) {
      throw new Exit(await process.fail(`failed to get attributes of ${quotedName(reference!)}: ${error.text}`))
    }
    throw error
  }
  const changer = new OwnerChanger(process, args, owner)
  for (const name of names) await changer.change(name)
  return changer.status
}

class UnknownName extends Error {}

/** `user`, `user:group`, `user:` (with the user's own group) or `:group`. */
function ownership(process: Process, word: string): Owner {
  const match = /^([^:.]*)(?:[:.](.*))?$/.exec(word)
  const [, userWord = '', groupWord] = match ?? []
  const { users } = process.machine
  const user = users.byName(userWord) ?? (/^\d+$/.test(userWord) ? users.withId(Number(userWord)) : undefined)
  if (userWord !== '' && !user) {
    throw new UnknownName(
      process.flavour === 'busybox' ? `unknown user ${word}` : `invalid user: ${quoted(process, word)}`,
    )
  }
  if (groupWord === undefined || (groupWord === '' && !user)) return user ? { uid: user.uid } : {}
  const gid = groupWord === '' ? user!.gid : groupId(process, groupWord, word)
  return user ? { uid: user.uid, gid } : { gid }
}

function groupId(process: Process, name: string, shown = name): number {
  const found = process.machine.users.groups().find(group => group.name === name)?.gid
  if (found !== undefined) return found
  if (/^\d+$/.test(name)) return Number(name)
  throw new UnknownName(
    process.flavour === 'busybox' ? `unknown group ${name}` : `invalid group: ${quoted(process, shown)}`,
  )
}

class OwnerChanger {
  status = 0
  readonly #process: Process
  readonly #args: Arguments
  readonly #owner: Owner

  constructor(process: Process, args: Arguments, owner: Owner) {
    this.#process = process
    this.#args = args
    this.#owner = owner
  }

  async change(name: string): Promise<void> {
    const { files, flavour } = this.#process
    const path = this.#process.path(name)
    let stat: Stat
    try {
      stat = this.#args.has('no-dereference') ? files.lstat(path) : files.stat(path)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      return this.#fail(`${flavour === 'busybox' ? name : `cannot access ${quotedName(name)}`}: ${error.text}`)
    }
    const { uid = stat.uid, gid = stat.gid } = this.#owner
    try {
      files.chown(path, uid, gid)
      await this.#tell(name, stat, uid, gid)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const what = this.#owner.uid === undefined ? 'group' : 'ownership'
      await this.#fail(`${flavour === 'busybox' ? name : `changing ${what} of ${quotedName(name)}`}: ${error.text}`)
    }
    if (stat.kind !== 'directory' || !this.#args.has('recursive')) return
    for (const entry of files.list(path)) await this.change(joinPath(name.replace(/(.)\/+$/, '$1'), entry))
  }

  async #tell(name: string, before: Stat, uid: number, gid: number): Promise<void> {
    const isChanged = uid !== before.uid || gid !== before.gid
    if (!this.#args.has('verbose') && !(this.#args.has('changes') && isChanged)) return
    const { users } = this.#process.machine
    const isGroup = this.#owner.uid === undefined
    const shown = (owner: number, group: number) =>
      isGroup
        ? users.groupName(group)
        : this.#owner.gid === undefined
          ? users.userName(owner)
          : `${users.userName(owner)}:${users.groupName(group)}`
    const what = isGroup ? 'group' : 'ownership'
    const [from, to] = [shown(before.uid, before.gid), shown(uid, gid)]
    const change = isChanged
      ? `changed ${what} of ${quotedName(name)} from ${from} to ${to}`
      : `${what} of ${quotedName(name)} retained as ${to}`
    await this.#process.write(`${change}\n`)
  }

  async #fail(message: string): Promise<void> {
    this.status = 1
    if (!this.#args.has('silent') && !this.#args.has('quiet')) await this.#process.fail(message)
  }
}
