import type { Command } from '../../command.ts'
import { clusterInfoDump } from './dump.ts'

/** The commands under `kubectl cluster-info`. */
export const clusterInfoCommands: readonly Command[] = [clusterInfoDump]
