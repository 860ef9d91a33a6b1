import { defineCommand } from '../command.ts'
import { dryRun } from '../flags/changing.ts'
import { selector } from '../flags/selecting.ts'
import { chosenNodes, cordonNodes } from '../nodes/cordoning.ts'

const flags = {
  selector,
  'dry-run': dryRun,
}

/** `kubectl cordon`: mark node as unschedulable. */
export const cordon = defineCommand({
  name: 'cordon',
  summary: 'Mark node as unschedulable',
  description: 'Mark node as unschedulable.',
  examples: `  # Mark node "foo" as unschedulable
  kubectl cordon foo`,
  usage: 'NODE',
  flags,
  complete: 'node',
  async run(invocation) {
    const { flags } = invocation
    invocation.config.check()
    await cordonNodes(invocation, await chosenNodes(invocation, flags), flags, true)
  },
})
