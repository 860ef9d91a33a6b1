import type { Image } from './image.ts'
import { layDebian } from './layers/debian.ts'
import { redisCli } from './redis/client.ts'
import { redisServer } from './redis/server.ts'

/** A store of values by name, in memory. */
export const redis: Image = {
  repository: 'docker.io/library/redis',
  hasTag: tag => /^(latest|[4-8]|[4-8]\.\d(\.\d{1,2})?)(-alpine|-bookworm)?$|^(alpine|bookworm)$/.test(tag),
  size: () => 46_000_000,
  settings: () => ({ command: ['redis-server'], workingDirectory: '/data', ports: ['6379/tcp'] }),
  build(files, tag, programs) {
    layDebian(files, programs, { accounts: [{ name: 'redis', uid: 999, home: '/home/redis' }] })
    files.mkdir('/data')
    files.install('/usr/local/bin/redis-server', redisServer(versionOf(tag)))
    files.install('/usr/local/bin/redis-cli', redisCli)
  },
}

function versionOf(tag: string): string {
  const plain = tag.replace(/-.*/, '')
  if (!/^\d/.test(plain)) return '8.2.2'
  const newest: Readonly<Record<string, string>> = {
    '4': '4.0.14',
    '5': '5.0.14',
    '6': '6.2.20',
    '7': '7.4.6',
    '8': '8.2.2',
  }
  return newest[plain] ?? (plain.split('.').length === 2 ? `${plain}.0` : plain)
}
