import type { Command } from '../../../command.ts'
import { createServiceClusterip } from './clusterip.ts'
import { createServiceExternalname } from './externalname.ts'
import { createServiceLoadbalancer } from './loadbalancer.ts'
import { createServiceNodeport } from './nodeport.ts'

/** The commands under `kubectl create service`. */
export const createServiceCommands: readonly Command[] = [
  createServiceClusterip,
  createServiceExternalname,
  createServiceLoadbalancer,
  createServiceNodeport,
]
