import { defineDescriber } from './describer.ts'
import { describeRole, type Role } from './rbac.ts'

export const role = defineDescriber<Role>({ group: 'rbac.authorization.k8s.io', kind: 'Role', describe: describeRole })
