import type { Capabilities, SecurityContext } from 'kubernetes-types/core/v1'
import { Failure } from '../failure.ts'

/** What a debug profile gives the debugging container and, on a node, its pod. */
export interface Profile {
  readonly securityContext?: SecurityContext
  readonly sharesHost: boolean
  /** The debugger of a node sees the node's files under /host. */
  readonly mountsHost: boolean
}

/** What kubectl debug calls the place it works in. */
export type DebugPlace = 'ephemeral' | 'copy' | 'node'

const names = ['general', 'baseline', 'restricted', 'netadmin', 'sysadmin', 'legacy']

// k8s.io/kubectl/pkg/cmd/debug/profiles.go
/** The profile of a name; unknown names are refused. */
export function profileOf(name: string, place: DebugPlace): Profile {
  const isNode = place === 'node'
  switch (name) {
    case 'legacy':
      return { sharesHost: isNode, mountsHost: isNode }
    case 'general':
      return { sharesHost: isNode, mountsHost: isNode, ...(isNode ? {} : withCapabilities({ add: ['SYS_PTRACE'] })) }
    case 'baseline':
      return { sharesHost: false, mountsHost: false }
    case 'restricted':
      return {
        sharesHost: false,
        mountsHost: false,
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      }
    case 'netadmin':
      return { sharesHost: isNode, mountsHost: false, ...withCapabilities({ add: ['NET_ADMIN', 'NET_RAW'] }) }
    case 'sysadmin':
      return { sharesHost: isNode, mountsHost: isNode, securityContext: { privileged: true } }
    default:
      throw new Failure(`unknown profile: ${name} (must be one of ${names.join(', ')})`)
  }
}

function withCapabilities(capabilities: Capabilities): { securityContext: SecurityContext } {
  return { securityContext: { capabilities } }
}
