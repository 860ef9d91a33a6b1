import type { Client } from '../client.ts'
import { daemonSet } from '../kinds/daemonSet.ts'

/** Keeps a plugin's DaemonSet off the nodes named, as a `NotIn` node affinity; with no names it changes nothing. */
export function keepOff(client: Client, nodes: readonly string[], name: string, namespace: string): void {
  if (nodes.length === 0) return
  const elsewhere = { key: 'kubernetes.io/hostname', operator: 'NotIn', values: [...nodes] }
  const required = { nodeSelectorTerms: [{ matchExpressions: [elsewhere] }] }
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } }
  client.patch(daemonSet, name, namespace, { spec: { template: { spec: { affinity } } } })
}
