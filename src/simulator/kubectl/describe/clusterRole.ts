import { defineDescriber } from './describer.ts'
import { describeRole, type Role } from './rbac.ts'

export const clusterRole = defineDescriber<Role>({
  group: 'rbac.authorization.k8s.io',
  kind: 'ClusterRole',
  describe: describeRole,
})
