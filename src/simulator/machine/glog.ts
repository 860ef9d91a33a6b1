import type { Process } from './program.ts'

/** A log line as Go's glog and its kin write it: `I0302 09:00:00.123000       1 main.go:211] text`. */
export function glogLine(process: Process, place: string, text: string, level: 'I' | 'W' | 'E' | 'F' = 'I'): string {
  const [, month, day, clock] = /^\d+-(\d\d)-(\d\d)T([\d:.]+)Z$/.exec(new Date(process.machine.now()).toISOString())!
  return `${level}${month}${day} ${clock}000 ${String(process.pid).padStart(7)} ${place}] ${text}\n`
}
