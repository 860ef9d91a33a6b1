import type { Command } from '../../command.ts'
import { topNode } from './node.ts'
import { topPod } from './pod.ts'

/** The commands under `kubectl top`. */
export const topCommands: readonly Command[] = [topNode, topPod]
