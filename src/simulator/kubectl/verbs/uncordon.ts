import { defineCommand } from '../command.ts'
import { dryRun } from '../flags/changing.ts'
import { selector } from '../flags/selecting.ts'
import { chosenNodes, cordonNodes } from '../nodes/cordoning.ts'

const flags = {
  selector,
  'dry-run': dryRun,
}

/** `kubectl uncordon`: mark node as schedulable. */
export const uncordon = defineCommand({
  name: 'uncordon',
  summary: 'Mark node as schedulable',
  description: 'Mark node as schedulable.',
  examples: `  # Mark node "foo" as schedulable
  kubectl uncordon foo`,
  usage: 'NODE',
  flags,
  complete: 'node',
  async run(invocation) {
    const { flags } = invocation
    invocation.config.check()
    await cordonNodes(invocation, await chosenNodes(invocation, flags), flags, false)
  },
})
