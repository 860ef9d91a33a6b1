import type { Dialect } from './dialect.ts'

/** What `time` prints. Simplified: programs take no measured processor time, so user and system time are zero. */
export function formatTimes(dialect: Dialect, duration: number, isPosix: boolean): string {
  if (isPosix) return `real ${(duration / 1000).toFixed(2)}\nuser 0.00\nsys 0.00\n`
  if (dialect === 'bash') return `\nreal\t${minutes(duration, 3)}\nuser\t0m0.000s\nsys\t0m0.000s\n`
  return `real\t${minutes(duration, 2, ' ')}\nuser\t0m 0.00s\nsys\t0m 0.00s\n`
}

function minutes(duration: number, digits: number, gap = ''): string {
  return `${Math.floor(duration / 60_000)}m${gap}${((duration % 60_000) / 1000).toFixed(digits)}s`
}
