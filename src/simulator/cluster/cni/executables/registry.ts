import { bridge } from './bridge.ts'
import type { CniExecutable } from './executable.ts'
import { hostLocal } from './hostLocal.ts'
import { loopback } from './loopback.ts'
import { portmap } from './portmap.ts'

/** What comes to /opt/cni/bin with the container runtime. */
export const cniExecutables: readonly CniExecutable[] = [bridge, hostLocal, loopback, portmap]
