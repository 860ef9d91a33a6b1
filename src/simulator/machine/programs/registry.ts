import type { Program } from '../program.ts'
import { bash } from '../shell/bash.ts'
import { arp } from './arp.ts'
import { awk } from './awk.ts'
import { base64 } from './base64.ts'
import { basename } from './basename.ts'
import { bridge } from './bridge.ts'
import { cat } from './cat.ts'
import { chmod } from './chmod.ts'
import { conntrack } from './conntrack.ts'
import { cp } from './cp.ts'
import { curl } from './curl.ts'
import { cut } from './cut.ts'
import { dig } from './dig.ts'
import { dirname } from './dirname.ts'
import { echo } from './echo.ts'
import { falseProgram } from './false.ts'
import { getent } from './getent.ts'
import { egrep, fgrep, grep } from './grep.ts'
import { head } from './head.ts'
import { host } from './host.ts'
import { ifconfig } from './ifconfig.ts'
import { ip } from './ip.ts'
import { iptables } from './iptables.ts'
import { iptablesRestore } from './iptables-restore.ts'
import { iptablesSave } from './iptables-save.ts'
import { jq } from './jq.ts'
import { ln } from './ln.ts'
import { mkdir } from './mkdir.ts'
import { mtr } from './mtr.ts'
import { mv } from './mv.ts'
import { nc, netcat } from './nc.ts'
import { netstat } from './netstat.ts'
import { networkTools } from './networkTools.ts'
import { nsenter } from './nsenter.ts'
import { nslookup } from './nslookup.ts'
import { ping } from './ping.ts'
import { printf } from './printf.ts'
import { readlink } from './readlink.ts'
import { realpath } from './realpath.ts'
import { rev } from './rev.ts'
import { rm } from './rm.ts'
import { rmdir } from './rmdir.ts'
import { route } from './route.ts'
import { seq } from './seq.ts'
import { ash, sh } from './sh.ts'
import { sleep } from './sleep.ts'
import { sort } from './sort.ts'
import { ss } from './ss.ts'
import { ssh } from './ssh.ts'
import { sshNode } from './ssh-node.ts'
import { stat } from './stat.ts'
import { sysctl } from './sysctl.ts'
import { tac } from './tac.ts'
import { tail } from './tail.ts'
import { tcpdump } from './tcpdump.ts'
import { tee } from './tee.ts'
import { telnet } from './telnet.ts'
import { bracket, test } from './test.ts'
import { touch } from './touch.ts'
import { tr } from './tr.ts'
import { tracepath } from './tracepath.ts'
import { traceroute } from './traceroute.ts'
import { trueProgram } from './true.ts'
import { uniq } from './uniq.ts'
import { wc } from './wc.ts'
import { wget } from './wget.ts'

/** Every program that machines may have; an image says which of them it holds. */
export const programs: readonly Program[] = [
  arp,
  ash,
  awk,
  base64,
  basename,
  bash,
  bracket,
  bridge,
  cat,
  chmod,
  conntrack,
  cp,
  curl,
  cut,
  dig,
  dirname,
  echo,
  egrep,
  falseProgram,
  fgrep,
  getent,
  grep,
  head,
  host,
  ifconfig,
  ip,
  iptables,
  iptablesRestore,
  iptablesSave,
  jq,
  ln,
  mkdir,
  mtr,
  mv,
  nc,
  netcat,
  netstat,
  ...networkTools,
  nsenter,
  nslookup,
  ping,
  printf,
  readlink,
  realpath,
  rev,
  rm,
  rmdir,
  route,
  seq,
  sh,
  sleep,
  sort,
  ss,
  ssh,
  sshNode,
  stat,
  sysctl,
  tac,
  tail,
  tcpdump,
  tee,
  telnet,
  test,
  touch,
  tr,
  tracepath,
  traceroute,
  trueProgram,
  uniq,
  wc,
  wget,
]
