import type { FileSystem } from '../../../machine/files.ts'
import type { Programs } from '../image.ts'
import { layApplets } from './busybox.ts'
import { type Account, layCommands, layRelease, layRoot } from './root.ts'

/** The root of Alpine Linux: busybox, musl and little else. */
export function layAlpine(
  files: FileSystem,
  programs: Programs,
  version: string,
  accounts: readonly Account[] = [],
): void {
  layRoot(files, [
    { name: 'bin', uid: 1, home: '/bin' },
    { name: 'daemon', uid: 2, home: '/sbin' },
    { name: 'nobody', uid: 65534, home: '/' },
    ...accounts,
  ])
  layApplets(files, programs)
  for (const path of ['/usr/bin', '/usr/sbin', '/etc/apk']) files.mkdir(path, { parents: true })
  layCommands(files, programs, ['getent'], { directory: '/usr/bin', flavour: 'gnu' })
  layRelease(files, {
    NAME: 'Alpine Linux',
    ID: 'alpine',
    VERSION_ID: version,
    PRETTY_NAME: `Alpine Linux v${version.split('.').slice(0, 2).join('.')}`,
    HOME_URL: 'https://alpinelinux.org/',
    BUG_REPORT_URL: 'https://gitlab.alpinelinux.org/alpine/aports/-/issues',
  })
  files.writeText('/etc/alpine-release', `${version}\n`)
}
