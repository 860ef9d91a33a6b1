import type { Command } from '../../command.ts'
import { configCurrentContext } from './currentContext.ts'
import { configDeleteCluster } from './deleteCluster.ts'
import { configDeleteContext } from './deleteContext.ts'
import { configDeleteUser } from './deleteUser.ts'
import { configGetClusters } from './getClusters.ts'
import { configGetContexts } from './getContexts.ts'
import { configGetUsers } from './getUsers.ts'
import { configRenameContext } from './renameContext.ts'
import { configSet } from './set.ts'
import { configSetCluster } from './setCluster.ts'
import { configSetContext } from './setContext.ts'
import { configSetCredentials } from './setCredentials.ts'
import { configUnset } from './unset.ts'
import { configUseContext } from './useContext.ts'
import { configView } from './view.ts'

/** The commands under `kubectl config`. */
export const configCommands: readonly Command[] = [
  configCurrentContext,
  configDeleteCluster,
  configDeleteContext,
  configDeleteUser,
  configGetClusters,
  configGetContexts,
  configGetUsers,
  configRenameContext,
  configSet,
  configSetCluster,
  configSetContext,
  configSetCredentials,
  configUnset,
  configUseContext,
  configView,
]
