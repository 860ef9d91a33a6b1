import { followNodes } from './kubenet/followNodes.ts'
import type { NetworkPlugin } from './plugin.ts'

/** Kubenet: a bridge on every node with the node's own range, and on each node a plain route to every other one. */
// Simplified: kubenet left Kubernetes with release 1.24. Here each node's runtime writes its configuration from the
// range that the node has been given, and the nodes themselves hold the routes that a cloud would have set up.
export const kubenet: NetworkPlugin = {
  name: 'kubenet',
  summary: 'Each node has a bridge with its own range; plain routes lead from node to node, and nothing is wrapped.',
  install: ({ client, nodes }, { without }) =>
    followNodes(
      client,
      nodes.filter(node => !without.includes(node.name)),
    ),
}
