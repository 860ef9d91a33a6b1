import type { Program } from '../../../machine/program.ts'

/** What prepares a node before the agent runs: it mounts file systems that every node here has from the start. */
export const initPrograms: readonly Program[] = [
  { name: 'cilium-mount', summary: 'mount a file system on the node', run: () => 0 },
  { name: 'cilium-sysctlfix', summary: 'set kernel settings of the node', run: () => 0 },
]
