import { defineCommand } from '../command.ts'

/** `kubectl alpha`: commands that are still being tried; there are none in this version. */
export const alpha = defineCommand({
  name: 'alpha',
  summary: 'Commands for features in alpha',
  description: 'These commands correspond to alpha features that are not enabled in Kubernetes clusters by default.',
  usage: '',
  hidden: true,
  async run(invocation) {
    await invocation.warn('No alpha commands are available in this version of kubectl')
  },
})
