import { defineCommand } from '../../command.ts'
import { boolean, text } from '../../flags/flag.ts'
import { allNamespaces, fieldSelector, selector } from '../../flags/selecting.ts'
import { requireMetrics } from '../../server/metrics.ts'

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
  run: invocation => requireMetrics(invocation, invocation.flags),
})
