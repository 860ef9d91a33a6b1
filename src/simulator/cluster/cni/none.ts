import type { NetworkPlugin } from './plugin.ts'

/** No pod network: nodes stay NotReady and their pods wait. */
export const none: NetworkPlugin = {
  name: 'none',
  summary: 'No pod network at all: nodes are NotReady, and pods wait for an address.',
}
