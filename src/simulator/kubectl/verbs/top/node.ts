import { defineCommand } from '../../command.ts'
import { boolean, text } from '../../flags/flag.ts'
import { selector } from '../../flags/selecting.ts'
import { requireMetrics } from '../../server/metrics.ts'

const flags = {
  selector,
  'no-headers': boolean('If present, print output without headers'),
  'show-capacity': boolean('Print node resources based on Capacity instead of Allocatable(default) of the nodes.'),
  'show-swap': boolean('Print node resources related to swap memory.'),
  'sort-by': text("If non-empty, sort nodes list using specified field. The field can be either 'cpu' or 'memory'."),
  'use-protocol-buffers': boolean('Enables using protocol-buffers to access Metrics API.', true),
}

/** `kubectl top node`: display resource (CPU/memory) usage of nodes. */
export const topNode = defineCommand({
  name: 'node',
  aliases: ['nodes', 'no'],
  summary: 'Display resource (CPU/memory) usage of nodes',
  description: `Display resource (CPU/memory) usage of nodes.

 The top-node command allows you to see the resource consumption of nodes.`,
  examples: `  # Show metrics for all nodes
  kubectl top node

  # Show metrics for a given node
  kubectl top node NODE_NAME`,
  usage: '[NAME | -l label]',
  flags,
  complete: 'node',
  run: invocation => requireMetrics(invocation, invocation.flags),
})
