import { defineCommand } from '../command.ts'
import { Misuse } from '../failure.ts'
import { certificateCommands } from './certificate/registry.ts'

/** `kubectl certificate`: modify certificate resources. */
export const certificate = defineCommand({
  name: 'certificate',
  summary: 'Modify certificate resources',
  description: 'Modify certificate resources.',
  usage: 'SUBCOMMAND',
  commands: certificateCommands,
  async run() {
    throw new Misuse('', 0)
  },
})
