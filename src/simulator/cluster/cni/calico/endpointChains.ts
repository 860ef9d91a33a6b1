import { comment, markClear, markSet, marks, setMark } from './chains.ts'
import { policyChainName, profileChainName } from './identifiers.ts'

/** A pod of this node, as far as its chains depend on it. */
export interface Workload {
  /** The node's end of its cable. */
  readonly interface: string
  readonly namespace: string
  readonly account: string
}

// Simplified: policies with one and the same selector are jumped to one by one, not through a chain of their group.
/** The rules for packets to a pod (`i`) or from it (`o`): policies first, and without any what its namespace allows. */
export function workloadRules(direction: 'i' | 'o', workload: Workload, policies: readonly string[]): string[] {
  const { namespace } = workload
  const rules = [
    '-m conntrack --ctstate RELATED,ESTABLISHED --jump ACCEPT',
    '-m conntrack --ctstate INVALID --jump DROP',
    setMark(0, marks.accept | marks.pass),
  ]
  if (direction === 'o')
    rules.push(
      `${comment('Drop VXLAN encapped packets originating in workloads')} -p 17 -m multiport --destination-ports 4789 --jump DROP`,
      `${comment('Drop IPinIP encapped packets originating in workloads')} -p 4 --jump DROP`,
    )
  if (policies.length > 0) {
    rules.push(`${comment('Start of tier default')} ${setMark(0, marks.pass)}`)
    for (const policy of policies)
      rules.push(
        `${markClear(marks.pass)} --jump ${policyChainName(direction, namespace, policy)}`,
        `${comment('Return if policy accepted')} ${markSet(marks.accept)} --jump RETURN`,
      )
    rules.push(
      `${comment('End of tier default. Drop if no policies passed packet')} ${markClear(marks.pass)} --jump DROP`,
    )
  }
  for (const profile of profilesOf(workload))
    rules.push(
      `--jump ${profileChainName(direction, profile)}`,
      `${comment('Return if profile accepted')} ${markSet(marks.accept)} --jump RETURN`,
    )
  rules.push(`${comment('Drop if no profiles matched')} --jump DROP`)
  return rules
}

/** What a pod may do without policies: its namespace allows all, its service account adds nothing. */
export function profilesOf({ namespace, account }: Workload): readonly [namespace: string, account: string] {
  return [`kns.${namespace}`, `ksa.${namespace}.${account}`]
}

/** The rules of such a profile. */
export function profileRules(direction: 'i' | 'o', profile: string): string[] {
  const words = comment(`Profile ${profile} ${direction === 'i' ? 'ingress' : 'egress'}`)
  return [profile.startsWith('kns.') ? `${words} ${setMark(marks.accept)}` : words]
}
