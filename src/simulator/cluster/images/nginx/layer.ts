import type { FileSystem } from '../../../machine/files.ts'
import type { Programs } from '../image.ts'
import { layAlpine } from '../layers/alpine.ts'
import { layDebian } from '../layers/debian.ts'
import { layCommands } from '../layers/root.ts'
import { defaultServer, mainConfiguration, mimeTypes, troublePage, welcomePage } from './pages.ts'
import { nginxProgram } from './program.ts'

/** How an image with nginx differs from the official one. */
export interface NginxLayer {
  readonly isAlpine?: boolean
  /** nginx.conf. */
  readonly configuration?: string
  /** conf.d/default.conf. */
  readonly server?: string
  readonly page?: string
}

/** The files of an image with nginx. */
export function layNginx(files: FileSystem, programs: Programs, version: string, options: NginxLayer = {}): void {
  const account = { name: 'nginx', uid: 101, home: '/nonexistent', shell: '/bin/false' }
  if (options.isAlpine) {
    layAlpine(files, programs, '3.21.3', [account])
    layCommands(files, programs, ['curl'], { directory: '/usr/bin', flavour: 'gnu' })
  } else layDebian(files, programs, { accounts: [account], commands: ['curl'] })
  const directories = '/etc/nginx/conf.d /var/log/nginx /usr/share/nginx/html /var/cache/nginx /docker-entrypoint.d'
  for (const path of directories.split(' ')) files.mkdir(path, { parents: true })
  files.install('/usr/sbin/nginx', nginxProgram(version))
  files.writeText('/etc/nginx/nginx.conf', options.configuration ?? mainConfiguration)
  files.writeText('/etc/nginx/mime.types', mimeTypes)
  files.writeText('/etc/nginx/conf.d/default.conf', options.server ?? defaultServer)
  files.writeText('/usr/share/nginx/html/index.html', options.page ?? welcomePage)
  files.writeText('/usr/share/nginx/html/50x.html', troublePage)
  files.symlink('/dev/stdout', '/var/log/nginx/access.log')
  files.symlink('/dev/stderr', '/var/log/nginx/error.log')
  files.writeText('/docker-entrypoint.sh', '#!/bin/sh\n# vim:sw=4:ts=4:et\n\nset -e\n\nexec "$@"\n', 0o755)
}

/** What an image with nginx runs. */
export const nginxSettings = {
  entrypoint: ['/docker-entrypoint.sh'],
  command: ['nginx', '-g', 'daemon off;'],
  stopSignal: 'SIGQUIT',
}
