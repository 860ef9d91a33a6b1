import type { Command } from '../../command.ts'
import { setEnv } from './env.ts'
import { setImage } from './image.ts'
import { setResources } from './resources.ts'
import { setSelector } from './selector.ts'
import { setServiceaccount } from './serviceaccount.ts'
import { setSubject } from './subject.ts'

/** The commands under `kubectl set`. */
export const setCommands: readonly Command[] = [
  setEnv,
  setImage,
  setResources,
  setSelector,
  setServiceaccount,
  setSubject,
]
