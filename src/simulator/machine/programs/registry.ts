import type { Program } from '../program.ts'
import { bash } from '../shell/bash.ts'
import { arch } from './arch.ts'
import { arp } from './arp.ts'
import { awk } from './awk.ts'
import { base64 } from './base64.ts'
import { basename } from './basename.ts'
import { bridge } from './bridge.ts'
import { cat } from './cat.ts'
import { md5sum, sha1sum, sha224sum, sha256sum, sha384sum, sha512sum } from './checksum.ts'
import { chmod } from './chmod.ts'
import { chgrp, chown } from './chown.ts'
import { chroot } from './chroot.ts'
import { clear } from './clear.ts'
import { cmp } from './cmp.ts'
import { column } from './column.ts'
import { comm } from './comm.ts'
import { conntrack } from './conntrack.ts'
import { cp } from './cp.ts'
import { curl } from './curl.ts'
import { cut } from './cut.ts'
import { date } from './date.ts'
import { dd } from './dd.ts'
import { df } from './df.ts'
import { diff } from './diff.ts'
import { dig } from './dig.ts'
import { dirname } from './dirname.ts'
import { dmesg } from './dmesg.ts'
import { dnsdomainname } from './dnsdomainname.ts'
import { du } from './du.ts'
import { echo } from './echo.ts'
import { env } from './env.ts'
import { expr } from './expr.ts'
import { falseProgram } from './false.ts'
import { find } from './find.ts'
import { fold } from './fold.ts'
import { free } from './free.ts'
import { getent } from './getent.ts'
import { egrep, fgrep, grep } from './grep.ts'
import { groups } from './groups.ts'
import { head } from './head.ts'
import { hd, hexdump } from './hexdump.ts'
import { host } from './host.ts'
import { hostname } from './hostname.ts'
import { id } from './id.ts'
import { ifconfig } from './ifconfig.ts'
import { ip } from './ip.ts'
import { ipset } from './ipset.ts'
import { iptables } from './iptables.ts'
import { iptablesRestore } from './iptables-restore.ts'
import { iptablesSave } from './iptables-save.ts'
import { ipvsadm } from './ipvsadm.ts'
import { journalctl } from './journalctl.ts'
import { jq } from './jq.ts'
import { kill } from './kill.ts'
import { killall } from './killall.ts'
import { less, more } from './less.ts'
import { ln } from './ln.ts'
import { ls } from './ls.ts'
import { man } from './man.ts'
import { mkdir } from './mkdir.ts'
import { mktemp } from './mktemp.ts'
import { mount } from './mount.ts'
import { mtr } from './mtr.ts'
import { mv } from './mv.ts'
import { nc, netcat } from './nc.ts'
import { netstat } from './netstat.ts'
import { networkTools } from './networkTools.ts'
import { nft } from './nft.ts'
import { nice } from './nice.ts'
import { nl } from './nl.ts'
import { nohup } from './nohup.ts'
import { missingPrograms } from './notSimulated.ts'
import { nproc } from './nproc.ts'
import { nsenter } from './nsenter.ts'
import { nslookup } from './nslookup.ts'
import { od } from './od.ts'
import { openssl } from './openssl.ts'
import { paste } from './paste.ts'
import { pgrep, pkill } from './pgrep.ts'
import { pidof } from './pidof.ts'
import { ping } from './ping.ts'
import { printenv } from './printenv.ts'
import { printf } from './printf.ts'
import { ps } from './ps.ts'
import { pwd } from './pwd.ts'
import { readlink } from './readlink.ts'
import { realpath } from './realpath.ts'
import { reset } from './reset.ts'
import { rev } from './rev.ts'
import { rm } from './rm.ts'
import { rmdir } from './rmdir.ts'
import { route } from './route.ts'
import { sed } from './sed.ts'
import { seq } from './seq.ts'
import { setsid } from './setsid.ts'
import { ash, sh } from './sh.ts'
import { shuf } from './shuf.ts'
import { sleep } from './sleep.ts'
import { sort } from './sort.ts'
import { split } from './split.ts'
import { ss } from './ss.ts'
import { ssh } from './ssh.ts'
import { sshNode } from './ssh-node.ts'
import { stat } from './stat.ts'
import { strings } from './strings.ts'
import { stty } from './stty.ts'
import { sudo } from './sudo.ts'
import { sync } from './sync.ts'
import { sysctl } from './sysctl.ts'
import { systemctl } from './systemctl.ts'
import { tac } from './tac.ts'
import { tail } from './tail.ts'
import { tar } from './tar.ts'
import { tc } from './tc.ts'
import { tcpdump } from './tcpdump.ts'
import { tee } from './tee.ts'
import { telnet } from './telnet.ts'
import { bracket, test } from './test.ts'
import { time } from './time.ts'
import { timeout } from './timeout.ts'
import { top } from './top.ts'
import { touch } from './touch.ts'
import { tput } from './tput.ts'
import { tr } from './tr.ts'
import { tracepath } from './tracepath.ts'
import { traceroute } from './traceroute.ts'
import { tree } from './tree.ts'
import { trueProgram } from './true.ts'
import { truncate } from './truncate.ts'
import { tty } from './tty.ts'
import { uname } from './uname.ts'
import { uniq } from './uniq.ts'
import { unlink } from './unlink.ts'
import { uptime } from './uptime.ts'
import { usleep } from './usleep.ts'
import { nano, vi, vim } from './vi.ts'
import { watch } from './watch.ts'
import { wc } from './wc.ts'
import { wget } from './wget.ts'
import { which } from './which.ts'
import { who } from './who.ts'
import { whoami } from './whoami.ts'
import { xargs } from './xargs.ts'
import { xxd } from './xxd.ts'
import { yes } from './yes.ts'

/** Every program that machines may have; an image says which of them it holds. */
export const programs: readonly Program[] = [
  arch,
  arp,
  ash,
  awk,
  base64,
  basename,
  bash,
  bracket,
  bridge,
  cat,
  chgrp,
  chmod,
  chown,
  chroot,
  clear,
  cmp,
  column,
  comm,
  conntrack,
  cp,
  curl,
  cut,
  date,
  dd,
  df,
  diff,
  dig,
  dirname,
  dmesg,
  dnsdomainname,
  du,
  echo,
  egrep,
  env,
  expr,
  falseProgram,
  fgrep,
  find,
  fold,
  free,
  getent,
  grep,
  groups,
  hd,
  head,
  hexdump,
  host,
  hostname,
  id,
  ifconfig,
  ip,
  ipset,
  iptables,
  iptablesRestore,
  iptablesSave,
  ipvsadm,
  journalctl,
  jq,
  kill,
  killall,
  less,
  ln,
  ls,
  man,
  md5sum,
  mkdir,
  mktemp,
  more,
  mount,
  mtr,
  mv,
  nano,
  nc,
  netcat,
  netstat,
  nft,
  nice,
  nl,
  nohup,
  nproc,
  nsenter,
  nslookup,
  od,
  openssl,
  paste,
  pgrep,
  pidof,
  ping,
  pkill,
  printenv,
  printf,
  ps,
  pwd,
  readlink,
  realpath,
  reset,
  rev,
  rm,
  rmdir,
  route,
  sed,
  seq,
  setsid,
  sh,
  sha1sum,
  sha224sum,
  sha256sum,
  sha384sum,
  sha512sum,
  shuf,
  sleep,
  sort,
  split,
  ss,
  ssh,
  sshNode,
  stat,
  strings,
  stty,
  sudo,
  sync,
  sysctl,
  systemctl,
  tac,
  tail,
  tar,
  tc,
  tcpdump,
  tee,
  telnet,
  test,
  time,
  timeout,
  top,
  touch,
  tput,
  tr,
  tracepath,
  traceroute,
  tree,
  trueProgram,
  truncate,
  tty,
  uname,
  uniq,
  unlink,
  uptime,
  usleep,
  vi,
  vim,
  watch,
  wc,
  wget,
  which,
  who,
  whoami,
  xargs,
  xxd,
  yes,
  ...missingPrograms,
  ...networkTools,
]
