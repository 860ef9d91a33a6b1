import type { FileSystem } from './files.ts'
import type { User } from './program.ts'

/** The users and groups of a machine, as /etc/passwd and /etc/group list them. */
export class Users {
  readonly #files: FileSystem
  readonly #users = new Table<User>()
  readonly #groups = new Table<Group>()

  constructor(files: FileSystem) {
    this.#files = files
  }

  get root(): User {
    return this.byId(0) ?? { uid: 0, gid: 0, name: 'root', home: '/root', shell: '/bin/sh' }
  }

  byName(name: string): User | undefined {
    return this.all().find(user => user.name === name)
  }

  byId(uid: number): User | undefined {
    return this.all().find(user => user.uid === uid)
  }

  /** The user of a container's `runAsUser`: one that /etc/passwd may not know. */
  withId(uid: number, gid?: number): User {
    const user = this.byId(uid) ?? { uid, gid: 0, name: String(uid), home: '/' }
    return gid === undefined ? user : { ...user, gid }
  }

  /** A user's name, or the number when it has none. */
  userName(uid: number): string {
    return this.byId(uid)?.name ?? String(uid)
  }

  groupName(gid: number): string {
    return this.groups().find(group => group.gid === gid)?.name ?? String(gid)
  }

  all(): User[] {
    return this.#users.read(this.#files, '/etc/passwd', ([name = '', , uid, gid, , home = '/', shell = '/bin/sh']) => ({
      name,
      uid: Number(uid),
      gid: Number(gid),
      home,
      shell,
      groups: this.groups()
        .filter(group => group.members.includes(name))
        .map(group => group.gid),
    }))
  }

  groups(): Group[] {
    return this.#groups.read(this.#files, '/etc/group', ([name = '', , gid, members = '']) => ({
      name,
      gid: Number(gid),
      members: members.split(',').filter(member => member !== ''),
    }))
  }
}

/** A line of /etc/group. */
interface Group {
  readonly name: string
  readonly gid: number
  readonly members: readonly string[]
}

/** The lines of a file with colons, parsed once while the text stays the same. */
class Table<T> {
  #text: string | undefined
  #rows: T[] = []

  read(files: FileSystem, path: string, parse: (fields: readonly string[]) => T): T[] {
    const text = files.exists(path) ? files.readText(path) : ''
    if (text !== this.#text) {
      this.#text = text
      this.#rows = text
        .split('\n')
        .filter(line => line.includes(':'))
        .map(line => parse(line.split(':')))
    }
    return this.#rows
  }
}
