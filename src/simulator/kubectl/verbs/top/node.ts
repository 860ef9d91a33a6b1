import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { boolean, text } from '../../flags/flag.ts'
import { selector } from '../../flags/selecting.ts'
import type { Invocation } from '../../invocation.ts'
import { compareUsage, readMetrics, requireMetrics, shareCells, type Usage, usageTable } from '../../server/metrics.ts'
import type { AnyObject } from '../../server/object.ts'
import { pathOf } from '../../server/resource.ts'

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
  async run(invocation) {
    const { flags: given, args } = invocation
    invocation.config.check()
    await requireMetrics(invocation, given)
    const found = await readMetrics(invocation, 'nodes', args[0], given.selector)
    if (found.length === 0) throw new Failure('metrics not available yet')
    const metrics = found.map(({ metadata, ...rest }) => ({ name: metadata.name ?? '', usage: rest['usage'] as Usage }))
    metrics.sort((a, b) => compareUsage(given['sort-by'], a, b))
    const nodes = await nodesFor(invocation)
    const unknown = (count: number) => Array.from({ length: count }, () => '<unknown>')
    const swap = given['show-swap'] ? unknown(2) : []
    const rows = metrics.map(({ name, usage }) => [
      name,
      ...shareCells(usage, availableOf(nodes.get(name), given)),
      ...swap,
    ])
    for (const name of nodes.keys())
      if (!metrics.some(metric => metric.name === name)) rows.push([name, ...unknown(4), ...swap])
    const headers = ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)']
    if (given['show-swap']) headers.push('SWAP(bytes)', 'SWAP(%)')
    await invocation.print(usageTable(given['no-headers'] ? rows : [headers, ...rows]))
  },
})

/** The nodes that are asked about, by name. */
async function nodesFor(invocation: Invocation<typeof flags>): Promise<Map<string, AnyObject>> {
  const { api, args, flags: given } = invocation
  const resource = (await invocation.resources()).named('nodes')
  const [name] = args
  const items =
    name === undefined
      ? (await api.list(resource, undefined, { labelSelector: given.selector || undefined })).items
      : [(await api.request('GET', pathOf(resource, undefined, name))).body as AnyObject]
  return new Map(items.map(item => [item.metadata.name ?? '', item]))
}

function availableOf(
  node: AnyObject | undefined,
  { 'show-capacity': ofAll }: { readonly 'show-capacity': boolean },
): Usage {
  const { capacity = {}, allocatable = {} } = (node?.['status'] ?? {}) as { capacity?: Usage; allocatable?: Usage }
  return ofAll ? capacity : allocatable
}
