import type { FileSystem } from './files.ts'
import type { User } from './program.ts'

/** The users and groups of a machine, as /etc/passwd and /etc/group list them. */
export class Users {
  readonly #files: FileSystem

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
    return this.#lines('/etc/passwd').map(([name = '', , uid, gid, , home = '/', shell = '/bin/sh']) => ({
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

  groups(): { readonly name: string; readonly gid: number; readonly members: readonly string[] }[] {
    return this.#lines('/etc/group').map(([name = '', , gid, members = '']) => ({
      name,
      gid: Number(gid),
      members: members.split(',').filter(member => member !== ''),
    }))
  }

  #lines(path: string): string[][] {
    if (!this.#files.exists(path)) return []
    return this.#files
      .readText(path)
      .split('\n')
      .filter(line => line.includes(':'))
      .map(line => line.split(':'))
  }
}
