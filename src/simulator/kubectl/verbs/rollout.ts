import { defineCommand } from '../command.ts'
import { Misuse } from '../failure.ts'
import { rolloutCommands } from './rollout/registry.ts'

/** `kubectl rollout`: manage the rollout of a resource. */
export const rollout = defineCommand({
  name: 'rollout',
  summary: 'Manage the rollout of a resource',
  description: `Manage the rollout of one or many resources.
        
 Valid resource types include:

  *  deployments
  *  daemonsets
  *  statefulsets`,
  examples: `  # Rollback to the previous deployment
  kubectl rollout undo deployment/abc

  # Check the rollout status of a daemonset
  kubectl rollout status daemonset/foo

  # Restart a deployment
  kubectl rollout restart deployment/abc

  # Restart deployments with the 'app=nginx' label
  kubectl rollout restart deployment --selector=app=nginx`,
  usage: 'SUBCOMMAND',
  commands: rolloutCommands,
  async run(invocation) {
    const { args } = invocation
    if (args.length > 0) throw invocation.usageError(`unknown command ${JSON.stringify(args.join(' '))}`)
    throw new Misuse('')
  },
})
