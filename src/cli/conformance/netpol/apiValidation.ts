import type { FieldError } from '../../../simulator/cluster/api/fieldError.ts'
import { networkPolicy } from '../../../simulator/cluster/kinds/networkPolicy.ts'
import { type Area, compare } from '../area.ts'

const file = 'netpol/k8s-e2e-netpol/api-validation.json'

interface Row {
  readonly name: string
  readonly egressPorts: readonly object[]
  readonly accepted: boolean
}

/** Ranges of ports that the server takes or refuses. */
export const policyValidation: Area = {
  name: 'netpol/api-validation',
  needs: [file],
  *cases(corpora) {
    for (const { name, egressPorts, accepted } of corpora.json<Row[]>(file))
      yield {
        name,
        run() {
          const spec = { podSelector: {}, egress: [{ ports: egressPorts }] }
          const policy = structuredClone({ metadata: { name: 'p', namespace: 'default' }, spec }) as never
          networkPolicy.defaults?.(policy)
          const errors: FieldError[] = networkPolicy.validate?.(policy) ?? []
          return compare(accepted, errors.length === 0)
        },
      }
  },
}
