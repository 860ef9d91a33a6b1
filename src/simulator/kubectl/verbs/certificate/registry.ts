import type { Command } from '../../command.ts'
import { certificateApprove } from './approve.ts'
import { certificateDeny } from './deny.ts'

/** The commands under `kubectl certificate`. */
export const certificateCommands: readonly Command[] = [certificateApprove, certificateDeny]
