import type { DbgCommand } from './command.ts'
import { ctList, natList } from './connections.ts'
import { endpointList } from './endpoints.ts'
import { identityList, ipCacheList, ipList } from './identities.ts'
import { metricsList } from './metrics.ts'
import { monitor } from './monitor.ts'
import { endpointMap, nodeList } from './nodes.ts'
import { policyGet, policyMaps } from './policies.ts'
import { policySelectors } from './selectors.ts'
import { lbList, serviceList } from './services.ts'
import { status } from './status.ts'

/** What `cilium-dbg` can be asked. */
export const dbgCommands: readonly DbgCommand[] = [
  status,
  endpointList,
  identityList,
  ipList,
  serviceList,
  nodeList,
  policyGet,
  policySelectors,
  monitor,
  lbList,
  endpointMap,
  policyMaps,
  ctList,
  natList,
  ipCacheList,
  metricsList,
]
