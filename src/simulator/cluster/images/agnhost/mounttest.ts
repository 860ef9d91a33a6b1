import { FileError } from '../../../machine/fileError.ts'
import type { Stat } from '../../../machine/inode.ts'
import type { Process } from '../../../machine/program.ts'
import { readFlags, type Subcommand } from './subcommand.ts'

const content = 'mount-tester new file\n'
const newFileModes = { new_file_0644: 0o644, new_file_0666: 0o666, new_file_0660: 0o660, new_file_0777: 0o777 }

/** Says how a file is: its file system, content, mode and owner. */
export const mounttest: Subcommand = {
  name: 'mounttest',
  summary: 'Creates files with given permissions or outputs information about given paths',
  async run(process, words) {
    const { flags } = readFlags(words, {
      fs_type: '',
      new_file_0644: '',
      new_file_0666: '',
      new_file_0660: '',
      new_file_0777: '',
      file_mode: '',
      file_perm: '',
      file_content: '',
      file_content_in_loop: '',
      retry_time: '180',
      break_on_expected_content: 'true',
      file_owner: '',
    })
    const test = new MountTest(process)
    if (flags.fs_type) await test.attempt(() => test.showType(flags.fs_type))
    for (const [flag, mode] of Object.entries(newFileModes)) {
      const path = flags[flag as keyof typeof newFileModes]
      if (path) await test.attempt(() => test.create(path, mode))
    }
    if (flags.file_mode) await test.attempt(() => test.showMode(flags.file_mode))
    if (flags.file_perm) await test.attempt(() => test.showPermissions(flags.file_perm))
    if (flags.file_content) await test.attempt(() => test.showContent(flags.file_content))
    if (flags.file_content_in_loop)
      await test.repeat(
        flags.file_content_in_loop,
        Number(flags.retry_time),
        flags.break_on_expected_content !== 'false',
      )
    if (flags.file_owner) await test.attempt(() => test.showOwner(flags.file_owner))
    return test.hasFailed ? 1 : 0
  },
}

class MountTest {
  readonly #process: Process
  hasFailed = false

  constructor(process: Process) {
    this.#process = process
  }

  /** Prints what went wrong, as Go's os package says it. */
  async attempt(act: () => Promise<unknown>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      this.hasFailed = true
      await this.#process.write(`error: open ${error.path}: ${error.text.toLowerCase()}\n`)
    }
  }

  showType(path: string): Promise<unknown> {
    const { files } = this.#process
    const real = files.realPath(path)
    const mounts = files.readText('/proc/mounts').trimEnd().split('\n')
    let [best, type] = ['', '']
    for (const line of mounts) {
      const [, place = '', kind = ''] = line.split(' ')
      const isAround = real === place || real.startsWith(place === '/' ? '/' : `${place}/`)
      if (isAround && place.length >= best.length) [best, type] = [place, kind]
    }
    return this.#process.write(
      `mount type of "${path}": ${type === 'tmpfs' ? 'tmpfs' : type === 'ext4' ? '61267' : type}\n`,
    )
  }

  async create(path: string, mode: number): Promise<unknown> {
    const { files } = this.#process
    try {
      files.writeText(path, content, mode)
      files.chmod(path, mode)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      this.hasFailed = true
      return this.#process.write(`error writing new file "${path}": open ${path}: ${error.text.toLowerCase()}\n`)
    }
    return this.showContent(path)
  }

  showMode(path: string): Promise<unknown> {
    return this.#process.write(`mode of file "${path}": ${goMode(this.#process.files.stat(path))}\n`)
  }

  showPermissions(path: string): Promise<unknown> {
    const { mode } = this.#process.files.stat(path)
    return this.#process.write(`perms of file "${path}": ${goMode({ kind: 'file', mode: mode & 0o777 })}\n`)
  }

  showContent(path: string): Promise<unknown> {
    return this.#process.write(`content of file "${path}": ${this.#process.files.readText(path)}\n`)
  }

  async repeat(path: string, seconds: number, stopsWhenRight: boolean): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      try {
        const text = this.#process.files.readText(path)
        await this.#process.write(`content of file "${path}": ${text}\n`)
        if (stopsWhenRight && text === content) return
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        await this.#process.write(`Error reading file ${path}: open ${path}: ${error.text.toLowerCase()}, retrying\n`)
      }
      await this.#process.sleep(1000)
    }
  }

  showOwner(path: string): Promise<unknown> {
    const { uid, gid } = this.#process.files.stat(path)
    return this.#process.write(`owner UID of "${path}": ${uid}\nowner GID of "${path}": ${gid}\n`)
  }
}

/** A mode as Go prints it: `-rw-r--r--`, `dtrwxrwxrwx`, `dgrwxrwxrwx`. */
function goMode({ kind, mode }: Pick<Stat, 'kind' | 'mode'>): string {
  const first = { directory: 'd', link: 'L' }[kind as string] ?? ''
  const special = [mode & 0o4000 && 'u', mode & 0o2000 && 'g', mode & 0o1000 && 't'].filter(Boolean).join('')
  const bits = Array.from('rwxrwxrwx', (letter, i) => (mode & (1 << (8 - i)) ? letter : '-')).join('')
  return `${first + special || '-'}${bits}`
}
