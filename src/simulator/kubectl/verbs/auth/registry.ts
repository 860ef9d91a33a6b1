import type { Command } from '../../command.ts'
import { authCanI } from './canI.ts'
import { authReconcile } from './reconcile.ts'
import { authWhoami } from './whoami.ts'

/** The commands under `kubectl auth`. */
export const authCommands: readonly Command[] = [authCanI, authReconcile, authWhoami]
