import { encodeCertificate } from '../../../machine/certificate.ts'
import type { FileSystem } from '../../../machine/files.ts'
import type { Flavour } from '../../../machine/program.ts'
import { publicAuthority } from '../../../machine/publicAuthority.ts'
import type { Programs } from '../image.ts'

/** One line of /etc/passwd. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid?: number
  readonly home?: string
  readonly shell?: string
}

const directories =
  '/bin /dev /etc /home /lib /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var /var/log /var/tmp'

/** What every root has: the usual directories and the places where the runtime puts files of its own. */
export function layRoot(files: FileSystem, accounts: readonly Account[], directoryNames = directories): void {
  for (const path of directoryNames.split(' ')) if (!files.exists(path)) files.mkdir(path, { parents: true })
  for (const path of ['/tmp', '/var/tmp']) if (files.exists(path)) files.chmod(path, 0o1777)
  if (files.exists('/root')) files.chmod('/root', 0o700)
  if (files.exists('/var') && !files.exists('/var/run')) files.symlink('/run', '/var/run')
  for (const name of ['hosts', 'hostname', 'resolv.conf']) files.writeText(`/etc/${name}`, '')
  files.writeText('/dev/termination-log', '', 0o666)
  const all = [{ name: 'root', uid: 0, home: '/root', shell: '/bin/sh' }, ...accounts]
  files.writeText(
    '/etc/passwd',
    all
      .map(
        ({ name, uid, gid = uid, home = '/nonexistent', shell = '/sbin/nologin' }) =>
          `${name}:x:${uid}:${gid}:${name}:${home}:${shell}\n`,
      )
      .join(''),
  )
  files.writeText('/etc/group', all.map(({ name, gid, uid }) => `${name}:x:${gid ?? uid}:\n`).join(''))
}

/** Puts the commands into a directory that the list of programs has; others are passed over. */
export function layCommands(
  files: FileSystem,
  programs: Programs,
  names: readonly string[],
  place: { readonly directory: string; readonly flavour: Flavour },
): void {
  const known = new Set(programs.commands)
  if (names.includes('curl')) {
    files.mkdir('/etc/ssl/certs', { parents: true })
    files.writeText('/etc/ssl/certs/ca-certificates.crt', encodeCertificate(publicAuthority))
  }
  for (const name of names)
    if (known.has(name)) files.install(`${place.directory}/${name}`, programs.command(name), { flavour: place.flavour })
}

/** /etc/os-release, with the name that a distribution goes by. */
export function layRelease(files: FileSystem, facts: Readonly<Record<string, string>>): void {
  const text = Object.entries(facts)
    .map(([key, value]) => `${key}=${/^[\w.:-]+$/.test(value) && key !== 'PRETTY_NAME' ? value : `"${value}"`}\n`)
    .join('')
  files.writeText('/etc/os-release', text)
}
