import { defineCommand } from '../command.ts'
import { authCommands } from './auth/registry.ts'

/** `kubectl auth`: inspect authorization. */
export const auth = defineCommand({
  name: 'auth',
  summary: 'Inspect authorization',
  description: 'Inspect authorization.',
  usage: '[flags]',
  commands: authCommands,
})
