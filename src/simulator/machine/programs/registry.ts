import type { Program } from '../program.ts'
import { bash } from '../shell/bash.ts'
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
import { ip } from './ip.ts'
import { iptables } from './iptables.ts'
import { iptablesRestore } from './iptables-restore.ts'
import { iptablesSave } from './iptables-save.ts'
import { jq } from './jq.ts'
import { ln } from './ln.ts'
import { mkdir } from './mkdir.ts'
import { mv } from './mv.ts'
import { nslookup } from './nslookup.ts'
import { ping } from './ping.ts'
import { printf } from './printf.ts'
import { readlink } from './readlink.ts'
import { realpath } from './realpath.ts'
import { rev } from './rev.ts'
import { rm } from './rm.ts'
import { rmdir } from './rmdir.ts'
import { seq } from './seq.ts'
import { ash, sh } from './sh.ts'
import { sleep } from './sleep.ts'
import { sort } from './sort.ts'
import { stat } from './stat.ts'
import { tac } from './tac.ts'
import { tail } from './tail.ts'
import { tcpdump } from './tcpdump.ts'
import { tee } from './tee.ts'
import { bracket, test } from './test.ts'
import { touch } from './touch.ts'
import { tr } from './tr.ts'
import { trueProgram } from './true.ts'
import { uniq } from './uniq.ts'
import { wc } from './wc.ts'

/** Every program that machines may have; an image says which of them it holds. */
export const programs: readonly Program[] = [
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
  ip,
  iptables,
  iptablesRestore,
  iptablesSave,
  jq,
  ln,
  mkdir,
  mv,
  nslookup,
  ping,
  printf,
  readlink,
  realpath,
  rev,
  rm,
  rmdir,
  seq,
  sh,
  sleep,
  sort,
  stat,
  tac,
  tail,
  tcpdump,
  tee,
  test,
  touch,
  tr,
  trueProgram,
  uniq,
  wc,
]
