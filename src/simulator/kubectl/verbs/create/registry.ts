import type { Command } from '../../command.ts'
import { createClusterrole } from './clusterrole.ts'
import { createClusterrolebinding } from './clusterrolebinding.ts'
import { createConfigmap } from './configmap.ts'
import { createCronjob } from './cronjob.ts'
import { createDeployment } from './deployment.ts'
import { createIngress } from './ingress.ts'
import { createJob } from './job.ts'
import { createNamespace } from './namespace.ts'
import { createPoddisruptionbudget } from './poddisruptionbudget.ts'
import { createPriorityclass } from './priorityclass.ts'
import { createQuota } from './quota.ts'
import { createRole } from './role.ts'
import { createRolebinding } from './rolebinding.ts'
import { createSecret } from './secret.ts'
import { createService } from './service.ts'
import { createServiceaccount } from './serviceaccount.ts'
import { createToken } from './token.ts'

/** The commands under `kubectl create`. */
export const createCommands: readonly Command[] = [
  createClusterrole,
  createClusterrolebinding,
  createConfigmap,
  createCronjob,
  createDeployment,
  createIngress,
  createJob,
  createNamespace,
  createPoddisruptionbudget,
  createPriorityclass,
  createQuota,
  createRole,
  createRolebinding,
  createSecret,
  createService,
  createServiceaccount,
  createToken,
]
