import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { boolean, text } from '../../flags/flag.ts'
import { allNamespaces, fieldSelector, selector } from '../../flags/selecting.ts'
import type { Invocation } from '../../invocation.ts'
import { formatGoDuration } from '../../output/goDuration.ts'
import {
  compareUsage,
  readMetrics,
  requireMetrics,
  totalOf,
  type Usage,
  usageCells,
  usageTable,
} from '../../server/metrics.ts'
import type { AnyObject } from '../../server/object.ts'

const flags = {
  selector,
  'field-selector': fieldSelector,
  'all-namespaces': allNamespaces,
  containers: boolean('If present, print usage of containers within a pod.'),
  'no-headers': boolean('If present, print output without headers.'),
  'show-swap': boolean('Print pod resources related to swap memory.'),
  'sort-by': text("If non-empty, sort pods list using specified field. The field can be either 'cpu' or 'memory'."),
  sum: boolean('Print the sum of the resource usage'),
  'use-protocol-buffers': boolean('Enables using protocol-buffers to access Metrics API.', true),
}

/** `kubectl top pod`: display resource (CPU/memory) usage of pods. */
export const topPod = defineCommand({
  name: 'pod',
  aliases: ['pods', 'po'],
  summary: 'Display resource (CPU/memory) usage of pods',
  description: `Display resource (CPU/memory) usage of pods.

 The 'top pod' command allows you to see the resource consumption of pods.

 Due to the metrics pipeline delay, they may be unavailable for a few minutes since pod creation.`,
  examples: `  # Show metrics for all pods in the default namespace
  kubectl top pod

  # Show metrics for all pods in the given namespace
  kubectl top pod --namespace=NAMESPACE

  # Show metrics for a given pod and its containers
  kubectl top pod POD_NAME --containers

  # Show metrics for the pods defined by label name=myLabel
  kubectl top pod -l name=myLabel`,
  usage: '[NAME | -l label]',
  flags,
  complete: 'pod',
  async run(invocation) {
    const { flags: given, args, namespace } = invocation
    invocation.config.check()
    await requireMetrics(invocation, given)
    const isEverywhere = given['all-namespaces']
    if (given['field-selector']) throw new Failure('kubectl top pod --field-selector is not simulated here')
    const path = isEverywhere && args.length === 0 ? 'pods' : `namespaces/${namespace}/pods`
    const pods = (await readMetrics(invocation, path, args[0], given.selector)).map(readPod)
    if (pods.length === 0) return explainEmpty(invocation)
    pods.sort((a, b) => compareUsage(given['sort-by'], a, b))
    const rows = pods.flatMap(({ namespace: place, pod, usage, containers }) => {
      const first = isEverywhere ? [place] : []
      if (!given.containers) return [[...first, pod, ...usageCells(usage)]]
      return [...containers]
        .sort((a, b) => compareUsage(given['sort-by'], a, b))
        .map(container => [...first, pod, container.name, ...usageCells(container.usage)])
    })
    const names = [...(isEverywhere ? ['NAMESPACE'] : []), ...(given.containers ? ['POD'] : []), 'NAME']
    const blanks = names.map(() => '')
    const total = usageCells(totalOf(pods.map(({ usage }) => usage)))
    const table = [
      ...(given['no-headers'] ? [] : [[...names, 'CPU(cores)', 'MEMORY(bytes)']]),
      ...rows,
      ...(given.sum
        ? [
            [...blanks, '________', '________'],
            [...blanks, ...total],
          ]
        : []),
    ]
    await invocation.print(usageTable(table))
  },
})

/** The metrics of a pod: those of its containers, and what they use together. */
function readPod({ metadata, ...rest }: AnyObject) {
  const containers = rest['containers'] as readonly { readonly name: string; readonly usage: Usage }[]
  const { namespace = '', name: pod = '' } = metadata
  const usage = totalOf(containers.map(container => container.usage))
  return { namespace, pod, name: `${namespace}/${pod}`, usage, containers }
}

// After this time a pod should have been seen by the metrics server.
const patience = 120_000

/** Nothing to show: because there is no pod, because it is too early, or because something is wrong. */
async function explainEmpty(invocation: Invocation<typeof flags>): Promise<void> {
  const { api, flags: given, namespace } = invocation
  const place = given['all-namespaces'] ? undefined : namespace
  const resource = (await invocation.resources()).named('pods')
  const { items } = await api.list(resource, place, { labelSelector: given.selector || undefined })
  if (items.length === 0) {
    await invocation.warn(`No resources found${place === undefined ? '' : ` in ${place} namespace.`}`)
    return
  }
  for (const { metadata } of items) {
    const age = invocation.now - Date.parse(String(metadata.creationTimestamp))
    if (age <= patience) continue
    const pod = `${metadata.namespace}/${metadata.name}`
    throw new Failure(`Metrics not available for pod ${pod}, age: ${formatGoDuration(age)}`)
  }
  throw new Failure('metrics not available yet')
}
