import type { Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'
import { layCommands } from './layers/root.ts'

/** curl on a small Linux, for a user that is not root. */
export const curl: Image = {
  repository: 'docker.io/curlimages/curl',
  hasTag: tag => /^(latest|[78]\.\d{1,2}\.\d{1,2})$/.test(tag),
  size: () => 9_300_000,
  settings: () => ({
    entrypoint: ['/entrypoint.sh'],
    command: ['curl'],
    user: 'curl_user',
    workingDirectory: '/home/curl_user',
  }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.22.1', [{ name: 'curl_user', uid: 100, gid: 101, home: '/home/curl_user' }])
    layCommands(files, programs, ['curl'], { directory: '/usr/bin', flavour: 'gnu' })
    files.mkdir('/home/curl_user')
    files.chown('/home/curl_user', 100, 101)
    files.writeText(
      '/entrypoint.sh',
      '#!/bin/sh\n\nset -e\n\ncase "$1" in -*) set -- curl "$@";; esac\nif [ -z "$(command -v "$1")" ]; then\n  set -- curl "$@"\nfi\n\nexec "$@"\n',
      0o755,
    )
  },
}
