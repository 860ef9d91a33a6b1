import type { Command } from '../../command.ts'
import { rolloutHistory } from './history.ts'
import { rolloutPause } from './pause.ts'
import { rolloutRestart } from './restart.ts'
import { rolloutResume } from './resume.ts'
import { rolloutStatus } from './status.ts'
import { rolloutUndo } from './undo.ts'

/** The commands under `kubectl rollout`. */
export const rolloutCommands: readonly Command[] = [
  rolloutHistory,
  rolloutPause,
  rolloutRestart,
  rolloutResume,
  rolloutStatus,
  rolloutUndo,
]
