import type { Command } from '../../command.ts'
import { applyEditLastApplied } from './editLastApplied.ts'
import { applySetLastApplied } from './setLastApplied.ts'
import { applyViewLastApplied } from './viewLastApplied.ts'

/** The commands under `kubectl apply`. */
export const applyCommands: readonly Command[] = [applyEditLastApplied, applySetLastApplied, applyViewLastApplied]
