import { defineCommand } from '../../command.ts'
import { outputFlags } from '../../flags/printing.ts'
import { fileFlags } from '../../flags/files.ts'
import { selector } from '../../flags/selecting.ts'
import { dryRun } from '../../flags/changing.ts'
import { integer } from '../../flags/flag.ts'

const flags = {
  ...outputFlags,
  ...fileFlags(),
  selector,
  'dry-run': dryRun,
  'to-revision': integer('The revision to rollback to. Default to 0 (last revision).'),
}

/** `kubectl rollout undo`: undo a previous rollout. */
export const rolloutUndo = defineCommand({
  name: 'undo',
  summary: 'Undo a previous rollout',
  description: 'Roll back to a previous rollout.',
  examples: `  # Roll back to the previous deployment
  kubectl rollout undo deployment/abc

  # Roll back to daemonset revision 3
  kubectl rollout undo daemonset/abc --to-revision=3

  # Roll back to the previous deployment with dry-run
  kubectl rollout undo --dry-run=server deployment/abc`,
  usage: '(TYPE NAME | TYPE/NAME) [flags]',
  flags,
})
