import { bridge } from './bridge.ts'
import type { CniExecutable } from './executable.ts'
import { flannel } from './flannel.ts'
import { hostLocal } from './hostLocal.ts'
import { loopback } from './loopback.ts'
import { portmap } from './portmap.ts'

/** What can stand in /opt/cni/bin. */
export const cniExecutables: readonly CniExecutable[] = [bridge, flannel, hostLocal, loopback, portmap]
