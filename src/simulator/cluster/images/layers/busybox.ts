import type { FileSystem } from '../../../machine/files.ts'
import type { Programs } from '../image.ts'
import { layCommands, layRoot } from './root.ts'

// What `busybox --list` names and learners use.
const applets =
  `[ [[ adduser addgroup arch arp arping ash awk base64 basename bc brctl cal cat chgrp chmod chown chroot clear
  cmp comm cp crond crontab cut date dc dd deluser df diff dirname dmesg dnsdomainname du echo ed egrep env expand expr
  factor fallocate false fgrep find fold free fsync ftpget fuser getopt grep groups gunzip gzip halt hd head hexdump
  hostid hostname httpd id ifconfig init install ip ipaddr ipcalc iplink ipneigh iproute iprule kill killall less link
  ln logger login logname logread ls lsof lsusb md5sum mkdir mkfifo mknod mktemp more mount mv nc netstat nice nl nohup
  nologin nproc nslookup od passwd paste patch pgrep pidof ping ping6 pkill pmap poweroff printenv printf ps pstree pwd
  readlink realpath reboot renice reset rev rm rmdir route sed seq setsid sh sha1sum sha256sum sha512sum shred shuf sleep
  sort split stat strings stty su sum swapoff swapon sync sysctl tac tail tar tee telnet telnetd test time timeout top
  touch tr traceroute traceroute6 true truncate tty uname unexpand uniq unix2dos unlink unzip uptime usleep vi watch wc
  wget which who whoami xargs xxd yes zcat`.split(/\s+/)

/** The commands of busybox, each a link to one program in the real image. */
export function layApplets(files: FileSystem, programs: Programs, directory = '/bin'): void {
  layCommands(files, programs, applets, { directory, flavour: 'busybox' })
}

/** The root of the busybox image. */
export function layBusybox(files: FileSystem, programs: Programs): void {
  layRoot(files, [
    { name: 'daemon', uid: 1, home: '/usr/sbin' },
    { name: 'www-data', uid: 33, home: '/var/www' },
    { name: 'nobody', uid: 65534, home: '/home' },
  ])
  layApplets(files, programs)
  files.mkdir('/usr/bin', { parents: true })
  files.mkdir('/usr/sbin', { parents: true })
}
