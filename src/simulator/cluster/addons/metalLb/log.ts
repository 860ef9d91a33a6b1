import type { Process } from '../../../machine/program.ts'

/** A line as MetalLB's programs log: JSON with sorted keys. */
export function metalLbLine(process: Process, fields: Readonly<Record<string, unknown>>): string {
  const all = { level: 'info', ts: new Date(process.machine.now()).toISOString().replace(/\.\d+Z$/, 'Z'), ...fields }
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify(sorted)}\n`
}
