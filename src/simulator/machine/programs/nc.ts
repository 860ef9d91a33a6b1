import { defineProgram } from '../options.ts'
import { runBusyboxNc } from './nc/busybox.ts'
import { runOpenbsdNc } from './nc/openbsd.ts'

const declaration = {
  summary: 'arbitrary TCP and UDP connections and listens',
  usage: '[-46klnNuvz] [-p source_port] [-q seconds] [-s sourceaddr] [-w timeout] [destination] [port]',
  busybox: {
    usage: '[OPTIONS] HOST PORT  - connect\nnc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen',
    options: 'iklnpsuvwze',
  },
  options: [
    { short: '4', help: 'use IPv4' },
    { short: 'e', value: 'PROG', help: 'run PROG after connect', only: 'busybox' },
    { short: 'i', value: 'interval', help: 'delay between lines sent, ports scanned' },
    { short: 'k', help: 'keep inbound sockets open for multiple connects' },
    { short: 'l', help: 'listen mode, for inbound connects' },
    { short: 'n', help: 'suppress name/port resolutions' },
    { short: 'N', help: 'shutdown the network socket after EOF on stdin', only: 'gnu' },
    { short: 'p', value: 'port', help: 'specify local port for remote connects' },
    { short: 'q', value: 'secs', help: 'quit after EOF on stdin and delay of secs', only: 'gnu' },
    { short: 's', value: 'sourceaddr', help: 'local source address' },
    { short: 't', help: 'answer TELNET negotiation', only: 'gnu' },
    { short: 'u', help: 'UDP mode' },
    { short: 'v', help: 'verbose' },
    { short: 'w', value: 'timeout', help: 'timeout for connects and final net reads' },
    { short: 'z', help: 'zero-I/O mode: only report whether a port is open' },
  ],
  notSimulated: '-6 -b -C -c -d -D -F -g -G -h -I -M -m -O -P -r -S -T -U -V -W -X -x -Z -o -f',
} as const

/** Reads and writes TCP and UDP connections. */
export const nc = defineProgram({
  ...declaration,
  name: 'nc',
  run: (process, args) => (process.flavour === 'busybox' ? runBusyboxNc(process, args) : runOpenbsdNc(process, args)),
})

/** The same by its long name. */
export const netcat = defineProgram({
  ...declaration,
  name: 'netcat',
  run: (process, args) => (process.flavour === 'busybox' ? runBusyboxNc(process, args) : runOpenbsdNc(process, args)),
})
