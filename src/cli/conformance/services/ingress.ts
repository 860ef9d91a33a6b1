import { Lab } from '../../../simulator/lab.ts'
import { readLabSettings } from '../../../simulator/labDefinition.ts'
import { type Area, type Case, compare, type Outcome } from '../area.ts'
import type { Corpora } from '../corpora.ts'

const file = 'services/ingress/path-matching.json'

interface PathRule {
  readonly path: string
  readonly pathType: string
}

interface Row {
  readonly paths: readonly PathRule[]
  readonly request: string
  readonly expected: { readonly matches: boolean; readonly path?: string; readonly pathType?: string }
}

interface HostRow {
  readonly rule: string
  readonly host: string
  readonly matches: boolean
}

/** Requests to an Ingress: which rule's Service answers, by path and by host. */
export const ingressRules: Area = {
  name: 'services/ingress',
  needs: [file],
  cases: casesOf,
}

async function* casesOf(corpora: Corpora): AsyncGenerator<Case> {
  const { cases, hosts = [] } = corpora.json<{ cases: Row[]; hosts?: HostRow[] }>(file)
  const lab = await Lab.boot({ cluster: readLabSettings({}), files: {} }, 1)
  const most = Math.max(1, ...cases.map(({ paths }) => paths.length))
  const backends = Array.from({ length: most }, (_, index) => `backend-${index}`)
  for (const name of backends) {
    await lab.run(
      `kubectl create deployment ${name} --image=registry.k8s.io/e2e-test-images/agnhost:2.53 -- /agnhost netexec --http-port=80`,
    )
    await lab.run(`kubectl expose deployment ${name} --port=80`)
  }
  await lab.settle()
  for (const { paths, request, expected } of cases) {
    const rules = [{ host: 'test.example', http: { paths: paths.map(pathOf) } }]
    const wanted = paths.findIndex(({ path, pathType }) => path === expected.path && pathType === expected.pathType)
    const shown = paths.map(({ path, pathType }) => `${pathType} ${path}`).join(', ')
    yield {
      name: `${shown}: ${request}`,
      run: () => ask(lab, rules, 'test.example', request, expected.matches ? `backend-${wanted}` : undefined),
    }
  }
  for (const { rule, host, matches } of hosts) {
    const rules = [{ host: rule, http: { paths: [pathOf({ path: '/', pathType: 'Prefix' }, 0)] } }]
    yield { name: `${rule}: ${host}`, run: () => ask(lab, rules, host, '/', matches ? 'backend-0' : undefined) }
  }
}

function pathOf({ path, pathType }: PathRule, index: number): object {
  return { path, pathType, backend: { service: { name: `backend-${index}`, port: { number: 80 } } } }
}

/** Applies an Ingress with these rules and asks it: its answer should come from a Service, or be 404. */
async function ask(
  lab: Lab,
  rules: object[],
  host: string,
  path: string,
  wanted: string | undefined,
): Promise<Outcome> {
  const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'rules' }, spec: { rules } }
  lab.saveFile('ingress.json', JSON.stringify(ingress))
  const applied = await lab.run('kubectl replace --force -f ingress.json')
  if (applied.status !== 0) return `    ! ${applied.stderr}`
  await lab.settle()
  const { stdout: address } = await lab.run(
    "kubectl get ingress rules -o jsonpath='{.status.loadBalancer.ingress[0].ip}'",
  )
  if (address === '') return '    ! no controller gives the Ingress an address'
  const url = `http://${address}${path.replace(/^\/?/, '/')}`
  const { stdout: code } = await lab.run(`curl -s -o /dev/null -w '%{http_code}' -H 'Host: ${host}' '${url}'`)
  if (wanted === undefined) return compare('404', code)
  const { stdout: hostname } = await lab.run(`curl -s -H 'Host: ${host}' 'http://${address}/hostname'`)
  return compare(wanted, code === '404' ? 'nobody' : hostname.replace(/-[a-z0-9]+-[a-z0-9]+$/, ''))
}
