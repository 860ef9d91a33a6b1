import { defineCommand } from '../../command.ts'
import { fileFlags } from '../../flags/files.ts'
import { selector } from '../../flags/selecting.ts'
import { boolean, duration, integer } from '../../flags/flag.ts'

const flags = {
  ...fileFlags(),
  selector,
  revision: integer('Pin to a specific revision for showing its status. Defaults to 0 (last revision).'),
  timeout: duration('The length of time to wait before ending watch, zero means never. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).', 0, '0s'),
  watch: boolean("Watch the status of the rollout until it's done.", true, { short: 'w' }),
}

/** `kubectl rollout status`: show the status of the rollout. */
export const rolloutStatus = defineCommand({
  name: 'status',
  summary: 'Show the status of the rollout',
  description: `Show the status of the rollout.

 By default 'rollout status' will watch the status of the latest rollout until it's done. If you don't want to wait for the rollout to finish then you can use --watch=false. Note that if a new rollout starts in-between, then 'rollout status' will continue watching the latest revision. If you want to pin to a specific revision and abort if it is rolled over by another revision, use --revision=N where N is the revision you need to watch for.`,
  examples: `  # Watch the rollout status of a deployment
  kubectl rollout status deployment/nginx`,
  usage: '(TYPE NAME | TYPE/NAME) [flags]',
  flags,
})
