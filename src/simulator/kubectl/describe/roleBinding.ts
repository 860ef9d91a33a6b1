import { defineDescriber } from './describer.ts'
import { type Binding, describeBinding } from './rbac.ts'

export const roleBinding = defineDescriber<Binding>({
  group: 'rbac.authorization.k8s.io',
  kind: 'RoleBinding',
  describe: describeBinding,
})
