import type { Command } from '../../command.ts'
import { kubercSet } from './set.ts'
import { kubercView } from './view.ts'

/** The commands under `kubectl kuberc`. */
export const kubercCommands: readonly Command[] = [kubercSet, kubercView]
