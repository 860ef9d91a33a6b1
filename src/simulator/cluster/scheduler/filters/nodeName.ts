import { defineFilter } from '../filter.ts'

/** A pod that names its node runs there or nowhere. */
export const nodeName = defineFilter({
  name: 'NodeName',
  check(pod, { node }) {
    if (!pod.spec.nodeName || pod.spec.nodeName === node.metadata.name) return undefined
    return { reasons: ["node(s) didn't match the requested node name"] }
  },
})
