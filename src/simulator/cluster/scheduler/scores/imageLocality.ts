import { defineScore, type NodeState } from '../filter.ts'

// Images below 23 MB are not worth the trouble, above 1000 MB a container the score is full:
// kubernetes/pkg/scheduler/framework/plugins/imagelocality
const megabyte = 1024 * 1024
const threshold = 23 * megabyte
const fullPerContainer = 1000 * megabyte

interface Prepared {
  readonly sizes: readonly { readonly size: number; readonly nodes: ReadonlySet<string> }[]
  readonly total: number
  readonly containers: number
}

/** A node that already has the images is better, less so if only few nodes have them. */
export const imageLocality = defineScore<Prepared>({
  name: 'ImageLocality',
  weight: 1,
  prepare(pod, _, { nodes }) {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
    const sizes = containers.map(({ image = '' }) => find(normalize(image), nodes))
    return { sizes, total: nodes.length, containers: containers.length }
  },
  rate(_, { node }, { sizes, total, containers }) {
    let sum = 0
    for (const { size, nodes } of sizes)
      if (nodes.has(node.metadata.name)) sum += Math.floor((size * nodes.size) / Math.max(1, total))
    const most = fullPerContainer * containers
    const clipped = Math.min(most, Math.max(threshold, sum))
    return Math.floor((100 * (clipped - threshold)) / (most - threshold))
  },
})

function find(image: string, all: readonly NodeState[]): { size: number; nodes: Set<string> } {
  const nodes = new Set<string>()
  let size = 0
  for (const { node, images } of all) {
    const found = images.get(image)
    if (found === undefined) continue
    nodes.add(node.metadata.name)
    size = found
  }
  return { size, nodes }
}

function normalize(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1)
  return last.includes(':') || last.includes('@') ? image : `${image}:latest`
}
