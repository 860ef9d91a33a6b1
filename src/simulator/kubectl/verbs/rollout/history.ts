import { defineCommand } from '../../command.ts'
import { outputFlags } from '../../flags/printing.ts'
import { fileFlags } from '../../flags/files.ts'
import { selector } from '../../flags/selecting.ts'
import { integer } from '../../flags/flag.ts'

const flags = {
  ...outputFlags,
  ...fileFlags(),
  selector,
  revision: integer('See the details, including podTemplate of the revision specified'),
}

/** `kubectl rollout history`: view rollout history. */
export const rolloutHistory = defineCommand({
  name: 'history',
  summary: 'View rollout history',
  description: 'View previous rollout revisions and configurations.',
  examples: `  # View the rollout history of a deployment
  kubectl rollout history deployment/abc

  # View the details of daemonset revision 3
  kubectl rollout history daemonset/abc --revision=3`,
  usage: '(TYPE NAME | TYPE/NAME) [flags]',
  flags,
})
