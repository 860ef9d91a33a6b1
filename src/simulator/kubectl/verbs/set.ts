import { defineCommand } from '../command.ts'
import { setCommands } from './set/registry.ts'

/** `kubectl set`: set specific features on objects. */
export const set = defineCommand({
  name: 'set',
  summary: 'Set specific features on objects',
  description: `Configure application resources.

 These commands help you make changes to existing application resources.`,
  usage: 'SUBCOMMAND',
  commands: setCommands,
})
