import { defineCommand } from '../command.ts'
import { globalFlags } from '../flags/global.ts'
import { globalOptionsText } from '../flags/help.ts'

/** `kubectl options`: the flags that every command takes. */
export const options = defineCommand({
  name: 'options',
  summary: 'Print the list of flags inherited by all commands',
  examples: `  # Print flags inherited by all commands
  kubectl options`,
  usage: '',
  hidden: true,
  async run({ process }) {
    await process.write(globalOptionsText(globalFlags(process.env.get('HOME') ?? process.user.home)))
  },
})
