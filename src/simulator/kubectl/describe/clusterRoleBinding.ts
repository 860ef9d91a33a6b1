import { defineDescriber } from './describer.ts'
import { type Binding, describeBinding } from './rbac.ts'

export const clusterRoleBinding = defineDescriber<Binding>({
  group: 'rbac.authorization.k8s.io',
  kind: 'ClusterRoleBinding',
  describe: describeBinding,
})
