import type { ResourceRequirements } from 'kubernetes-types/core/v1'
import type { FileSystem } from '../../machine/files.ts'
import type { Entries, Inode } from '../../machine/inode.ts'
import { parseQuantity } from '../api/quantity.ts'

/** What a container may use: in cores and in bytes. */
export interface Limits {
  readonly processor: number
  readonly memory: number
}

// What the kernel shows where there is no limit, and how long a period of the scheduler is, in microseconds.
const unlimitedMemory = '9223372036854771712'
const period = 100_000
const root = '/sys/fs/cgroup'

/** The limits of a container; absent ones are those of the node. */
export function limitsOf({ limits }: ResourceRequirements): Partial<Limits> {
  const { cpu, memory } = limits ?? {}
  return {
    ...(cpu === undefined ? {} : { processor: parseQuantity(String(cpu)) }),
    ...(memory === undefined ? {} : { memory: parseQuantity(String(memory)) }),
  }
}

/**
 * Shows a container its limits in /sys/fs/cgroup, as version 1 of control groups does.
 * Simplified: of all controllers only what is asked for most is there.
 */
export function layCgroup(files: FileSystem, resources: () => ResourceRequirements): void {
  const settings: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
    cpu: {
      'cpu.cfs_period_us': () => String(period),
      'cpu.cfs_quota_us': () => quotaOf(resources()),
      'cpu.shares': () => sharesOf(resources()),
    },
    memory: { 'memory.limit_in_bytes': () => memoryOf(resources()) },
  }
  files.mkdir('/sys/fs', { parents: true })
  files.generateDirectory(root, tree => {
    const file = (generate: () => string): Inode => ({
      kind: 'file',
      ...tree.ownership(0o644, 0, 0),
      text: '',
      generate: () => `${generate()}\n`,
    })
    const directory = (entries: Entries): Inode => tree.directory(0o555, 0, 0, entries)
    return new Map(
      Object.entries(settings).map(([controller, names]) => [
        controller,
        directory(new Map(Object.entries(names).map(([name, generate]) => [name, file(generate)]))),
      ]),
    )
  })
}

function quotaOf(resources: ResourceRequirements): string {
  const { processor } = limitsOf(resources)
  return processor ? String(Math.max(1000, Math.round(processor * period))) : '-1'
}

function sharesOf({ requests }: ResourceRequirements): string {
  const thousandths = Math.round(parseQuantity(String(requests?.['cpu'] ?? '0')) * 1000)
  return String(Math.max(2, Math.floor((thousandths * 1024) / 1000)))
}

function memoryOf(resources: ResourceRequirements): string {
  const { memory } = limitsOf(resources)
  return memory ? String(memory) : unlimitedMemory
}
