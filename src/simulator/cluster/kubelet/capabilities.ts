import type { SecurityContext } from 'kubernetes-types/core/v1'

/** What containerd leaves to a container that is not privileged. */
const usual = `AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP
  SETUID SYS_CHROOT`.split(/\s+/)

/** What the root user of a container may do; undefined for everything. */
export function capabilitiesOf({ privileged, capabilities }: SecurityContext = {}): ReadonlySet<string> | undefined {
  if (privileged) return undefined
  const { add = [], drop = [] } = capabilities ?? {}
  const [added, dropped] = [add, drop].map(names => names.map(name => name.replace(/^CAP_/, '')))
  if (added!.includes('ALL')) return dropped!.length === 0 ? undefined : new Set(usual)
  const kept = dropped!.includes('ALL') ? [] : usual.filter(name => !dropped!.includes(name))
  return new Set([...kept, ...added!])
}
