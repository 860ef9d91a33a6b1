import type { Command } from '../../../command.ts'
import { createSecretDockerRegistry } from './dockerRegistry.ts'
import { createSecretGeneric } from './generic.ts'
import { createSecretTls } from './tls.ts'

/** The commands under `kubectl create secret`. */
export const createSecretCommands: readonly Command[] = [
  createSecretDockerRegistry,
  createSecretGeneric,
  createSecretTls,
]
