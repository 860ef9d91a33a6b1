import { defineCommand } from '../../command.ts'
import { createServiceCommands } from './service/registry.ts'

/** `kubectl create service`: create a service using a specified subcommand. */
export const createService = defineCommand({
  name: 'service',
  aliases: ['svc'],
  summary: 'Create a service using a specified subcommand',
  description: 'Create a service using a specified subcommand.',
  usage: '[flags]',
  commands: createServiceCommands,
})
