import {
  checkConfigMapKey,
  checkDns1035Label,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkEnvironmentName,
  checkLabelValue,
  checkPort,
  checkPortName,
  checkQualifiedName,
  checkWildcardSubdomain,
  type NameCheck,
} from '../../../simulator/cluster/api/names.ts'
import { type Area, compare } from '../area.ts'

const file = 'kubectl/tables/name-validation.json'
const portsFile = 'kubectl/tables/ports.json'

const checks: Readonly<Record<string, NameCheck>> = {
  configMapKey: checkConfigMapKey,
  dns1035Label: checkDns1035Label,
  dns1123Label: checkDns1123Label,
  dns1123Subdomain: checkDns1123Subdomain,
  envVarName: checkEnvironmentName,
  labelValue: checkLabelValue,
  portName: checkPortName,
  qualifiedName: checkQualifiedName,
  wildcardDns1123Subdomain: checkWildcardSubdomain,
}

/** Names of objects, labels, keys and ports: what is wrong with them, by each of the rules. */
export const names: Area = {
  name: 'tables/names',
  needs: [file],
  *cases(corpora) {
    const { messages, cases } = corpora.json<{
      messages: Readonly<Record<string, string>>
      cases: readonly Readonly<Record<string, string | readonly string[]>>[]
    }>(file)
    for (const { input, ...expected } of cases)
      for (const [rule, ids] of Object.entries(expected))
        yield {
          name: `${rule} ${JSON.stringify(input)}`,
          run: () =>
            compare(
              (ids as readonly string[]).map(id => messages[id]),
              checks[rule]?.(input as string) ?? `no rule called ${rule}`,
            ),
        }
  },
}

/** Numbers of ports. */
export const ports: Area = {
  name: 'tables/ports',
  needs: [portsFile],
  *cases(corpora) {
    for (const { port, errors } of corpora.json<{ port: number; errors: string[] }[]>(portsFile))
      yield { name: String(port), run: () => compare(errors, checkPort(port)) }
  },
}
