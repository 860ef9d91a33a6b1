import type { FileSystem } from '../../../machine/files.ts'
import type { Programs } from '../image.ts'
import { type Account, layCommands, layRelease, layRoot } from './root.ts'

// The packages that Debian calls essential, as far as they are commands.
const essential =
  `[ arch awk base32 base64 basename bash cat chgrp chmod chown cksum clear comm cp cut date dd df diff dir
  dirname du echo egrep env expand expr factor false fgrep find fmt fold getent getopt grep groups gunzip gzip head hostid
  hostname iconv id install join kill ldd link ln locale logger login logname ls md5sum mkdir mkfifo mknod mktemp more mount
  mv nice nl nohup nproc numfmt od paste pathchk perl pr printenv printf ps pwd readlink realpath renice rev rm rmdir sed
  seq setsid sh sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty su sum sync tac
  tail tar tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink uptime users vdir watch wc which who
  whoami xargs yes zcat`.split(/\s+/)

/** Commands that stand in /usr/sbin. */
const superuser = new Set(
  `ip arp ifconfig route iptables iptables-save iptables-restore ip6tables nft conntrack tcpdump ethtool sysctl bridge ss
  chroot useradd groupadd ipset ipvsadm traceroute arping mtr service nginx`.split(/\s+/),
)

const usualAccounts: readonly Account[] = [
  { name: 'daemon', uid: 1, home: '/usr/sbin', shell: '/usr/sbin/nologin' },
  { name: 'bin', uid: 2, home: '/bin', shell: '/usr/sbin/nologin' },
  { name: 'sys', uid: 3, home: '/dev', shell: '/usr/sbin/nologin' },
  { name: 'www-data', uid: 33, home: '/var/www', shell: '/usr/sbin/nologin' },
  { name: '_apt', uid: 42, gid: 65534, home: '/nonexistent', shell: '/usr/sbin/nologin' },
  { name: 'nobody', uid: 65534, home: '/nonexistent', shell: '/usr/sbin/nologin' },
]

/** The root of a small Debian: what is essential and the further commands that are named. */
export function layDebian(
  files: FileSystem,
  programs: Programs,
  options: { readonly accounts?: readonly Account[]; readonly commands?: readonly string[] } = {},
): void {
  for (const path of ['/usr/bin', '/usr/sbin', '/usr/lib']) files.mkdir(path, { parents: true })
  for (const name of ['bin', 'sbin', 'lib']) files.symlink(`usr/${name}`, `/${name}`)
  layRoot(files, [...usualAccounts, ...(options.accounts ?? [])])
  const names = [...essential, ...(options.commands ?? [])]
  const flavour = 'gnu'
  layCommands(
    files,
    programs,
    names.filter(name => !superuser.has(name)),
    { directory: '/usr/bin', flavour },
  )
  layCommands(
    files,
    programs,
    names.filter(name => superuser.has(name)),
    { directory: '/usr/sbin', flavour },
  )
  layRelease(files, {
    PRETTY_NAME: 'Debian GNU/Linux 12 (bookworm)',
    NAME: 'Debian GNU/Linux',
    VERSION_ID: '12',
    VERSION: '12 (bookworm)',
    VERSION_CODENAME: 'bookworm',
    ID: 'debian',
    HOME_URL: 'https://www.debian.org/',
    SUPPORT_URL: 'https://www.debian.org/support',
    BUG_REPORT_URL: 'https://bugs.debian.org/',
  })
  files.writeText('/etc/debian_version', '12.12\n')
}
