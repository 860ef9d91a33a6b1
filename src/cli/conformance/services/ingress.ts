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
  const lab = await Lab.boot({ cluster: readLabSettings({ addons: 'ingress-nginx' }), files: {} }, 1)
  const most = Math.max(1, ...cases.map(({ paths }) => paths.length))
  // Backends that tell their name at every path.
  for (let index = 0; index < most; index++) {
    await lab.run(`kubectl create deployment backend-${index} --image=traefik/whoami:v1.11`)
    await lab.run(`kubectl expose deployment backend-${index} --port=80`)
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
  const spec = { ingressClassName: 'nginx', rules }
  const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'rules' }, spec }
  lab.saveFile('ingress.json', JSON.stringify(ingress))
  const applied = await lab.run('kubectl replace --force -f ingress.json')
  if (applied.status !== 0) return `    ! ${applied.stderr}`
  const read = async (what: string, json: string) =>
    (await lab.run(`kubectl get ${what} -o jsonpath='{${json}}'`)).stdout
  await lab.run("kubectl wait ingress/rules --for=jsonpath='{.status.loadBalancer.ingress}' --timeout=90s")
  const address = await read('ingress rules', '.status.loadBalancer.ingress[0].ip')
  if (address === '') return '    ! no controller gives the Ingress an address'
  const port = await read('-n ingress-nginx service ingress-nginx-controller', '.spec.ports[0].nodePort')
  // nginx sends a client that leaves out the slash of a directory to the path with it.
  const command = `curl -sL --connect-to ::${address}:${port} -w '\\n%{http_code}' 'http://${host}${path.replace(/^\/?/, '/')}'`
  const { stdout } = await lab.run(command)
  const code = stdout.trimEnd().split('\n').at(-1)!
  const name = /^Hostname: (backend-\d+)-/m.exec(stdout)?.[1]
  return wanted === undefined ? compare('404', code) : compare(wanted, name ?? `status ${code}`)
}
