import { defineCommand } from '../command.ts'

/** `kubectl help COMMAND`: the same as `kubectl COMMAND --help`. */
export const help = defineCommand({
  name: 'help',
  summary: 'Help about any command',
  description: `Help provides help for any command in the application.
Simply type kubectl help [path to command] for full details.`,
  usage: '[command]',
  hidden: true,
  complete: 'command',
  // kubectl itself answers, because only it knows the tree of commands.
})
