import type { Command } from '../../command.ts'
import { pluginList } from './list.ts'

/** The commands under `kubectl plugin`. */
export const pluginCommands: readonly Command[] = [pluginList]
