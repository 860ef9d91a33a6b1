import { formatDate, type TimeZone } from '../../dateFormat.ts'
import type { ProcessRow } from '../../processTable.ts'

/** What columns need to know besides the process. */
export interface View {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly zone: TimeZone
  /** KiB of memory of the machine. */
  readonly memory: number
}

/** A column of `ps`. */
export interface Column {
  readonly title: string
  readonly width: number
  readonly isRight?: boolean
  value(row: ProcessRow, view: View): string
  /** For sorting, when the text will not do. */
  number?(row: ProcessRow): number
}

const pid: Column = { title: 'PID', width: 7, isRight: true, value: row => String(row.pid), number: row => row.pid }
const user: Column = { title: 'USER', width: 8, value: row => shortUser(row) }
const terminal: Column = { title: 'TT', width: 8, value: row => row.terminal }
const command: Column = { title: 'COMMAND', width: 27, value: row => row.commandLine || `[${row.name}]` }
const name: Column = { title: 'COMMAND', width: 15, value: row => row.name }
const zeroPercent = { width: 4, isRight: true, value: () => '0.0', number: () => 0 }
const resident: Column = {
  title: 'RSS',
  width: 5,
  isRight: true,
  value: row => String(row.residentSize),
  number: row => row.residentSize,
}
const virtual: Column = {
  title: 'VSZ',
  width: 6,
  isRight: true,
  value: row => String(row.virtualSize),
  number: row => row.virtualSize,
}

// Simplified: programs take no processor time here, so it is nought everywhere.
/** The columns by the names that `-o` takes. */
export const columns: Readonly<Record<string, Column>> = {
  pid,
  tid: { ...pid, title: 'TID' },
  lwp: { ...pid, title: 'LWP' },
  spid: { ...pid, title: 'SPID' },
  ppid: { title: 'PPID', width: 7, isRight: true, value: row => String(row.parent), number: row => row.parent },
  pgid: { title: 'PGID', width: 7, isRight: true, value: row => String(row.group), number: row => row.group },
  pgrp: { title: 'PGRP', width: 7, isRight: true, value: row => String(row.group), number: row => row.group },
  sid: { title: 'SID', width: 7, isRight: true, value: row => String(row.group), number: row => row.group },
  sess: { title: 'SESS', width: 7, isRight: true, value: row => String(row.group), number: row => row.group },
  user,
  uname: user,
  euser: { ...user, title: 'EUSER' },
  ruser: { ...user, title: 'RUSER' },
  uid: { title: 'UID', width: 5, isRight: true, value: row => String(row.uid), number: row => row.uid },
  euid: { title: 'EUID', width: 5, isRight: true, value: row => String(row.uid), number: row => row.uid },
  gid: {
    title: 'GID',
    width: 5,
    isRight: true,
    value: row => String(row.process.user.gid),
    number: row => row.process.user.gid,
  },
  group: { title: 'GROUP', width: 8, value: row => row.process.machine.users.groupName(row.process.user.gid) },
  pcpu: { title: '%CPU', ...zeroPercent },
  '%cpu': { title: '%CPU', ...zeroPercent },
  pmem: { title: '%MEM', ...zeroPercent, value: percentOfMemory, number: row => row.residentSize },
  '%mem': { title: '%MEM', ...zeroPercent, value: percentOfMemory, number: row => row.residentSize },
  c: { title: 'C', width: 2, isRight: true, value: () => '0' },
  cp: { title: 'CP', width: 3, isRight: true, value: () => '0' },
  vsz: virtual,
  vsize: virtual,
  rss: resident,
  rssize: resident,
  sz: {
    title: 'SZ',
    width: 5,
    isRight: true,
    value: row => String(Math.ceil(row.virtualSize / 4)),
    number: row => row.virtualSize,
  },
  tty: terminal,
  tt: terminal,
  tname: { ...terminal, title: 'TTY' },
  stat: { title: 'STAT', width: 4, value: row => row.state },
  state: { title: 'S', width: 1, value: row => row.state[0]! },
  s: { title: 'S', width: 1, value: row => row.state[0]! },
  f: { title: 'F', width: 1, value: row => (row.uid === 0 ? '4' : '0') },
  pri: { title: 'PRI', width: 3, isRight: true, value: () => '19' },
  opri: { title: 'PRI', width: 3, isRight: true, value: () => '80' },
  ni: { title: 'NI', width: 3, isRight: true, value: () => '0' },
  nice: { title: 'NI', width: 3, isRight: true, value: () => '0' },
  addr: { title: 'ADDR', width: 1, value: () => '-' },
  wchan: { title: 'WCHAN', width: 6, value: row => (row.state.startsWith('R') ? '-' : 'do_sel') },
  nlwp: { title: 'NLWP', width: 4, isRight: true, value: () => '1' },
  thcount: { title: 'THCNT', width: 5, isRight: true, value: () => '1' },
  psr: { title: 'PSR', width: 3, isRight: true, value: row => String(row.pid % 2) },
  start: {
    title: 'STARTED',
    width: 8,
    isRight: true,
    value: (row, view) => startedText(row, view, '%H:%M:%S', '  %b %d'),
  },
  start_time: {
    title: 'START',
    width: 5,
    isRight: true,
    value: (row, view) => startedText(row, view, '%H:%M', '%b%d'),
  },
  stime: { title: 'STIME', width: 5, isRight: true, value: (row, view) => startedText(row, view, '%H:%M', '%b%d') },
  bsdstart: {
    title: 'START',
    width: 6,
    isRight: true,
    value: (row, view) => startedText(row, view, ' %H:%M', '%b %d'),
  },
  lstart: {
    title: 'STARTED',
    width: 24,
    isRight: true,
    value: (row, { zone }) => formatDate('%a %b %e %H:%M:%S %Y', row.startedAt, zone),
  },
  etime: {
    title: 'ELAPSED',
    width: 11,
    isRight: true,
    value: (row, { now }) => elapsed(now - row.startedAt),
    number: row => -row.startedAt,
  },
  etimes: {
    title: 'ELAPSED',
    width: 7,
    isRight: true,
    value: (row, { now }) => String(Math.floor((now - row.startedAt) / 1000)),
    number: row => -row.startedAt,
  },
  time: { title: 'TIME', width: 8, isRight: true, value: () => '00:00:00' },
  cputime: { title: 'TIME', width: 8, isRight: true, value: () => '00:00:00' },
  bsdtime: { title: 'TIME', width: 6, isRight: true, value: () => '0:00' },
  comm: name,
  ucmd: { ...name, title: 'CMD' },
  ucomm: name,
  args: command,
  command,
  cmd: { ...command, title: 'CMD' },
}

function shortUser({ user: text, uid }: ProcessRow): string {
  if (text.length <= 8) return text
  return String(uid).length <= 8 && /^\d+$/.test(text) ? text : `${text.slice(0, 7)}+`
}

function percentOfMemory(row: ProcessRow, { memory }: View): string {
  return ((row.residentSize * 100) / memory).toFixed(1)
}

function startedText(row: ProcessRow, { now, zone }: View, recent: string, old: string): string {
  return formatDate(now - row.startedAt < 86_400_000 ? recent : old, row.startedAt, zone)
}

/** `[[DD-]hh:]mm:ss` */
function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24]
  const front = days > 0 ? `${two(days)}-${two(hours)}:` : hours > 0 ? `${two(hours)}:` : ''
  return `${front}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
