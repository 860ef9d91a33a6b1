import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { repeated, text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { create, givenNamespace, requireName } from '../../objects/create.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  annotation: repeated('Annotation to insert in the ingress object, in the format annotation=value'),
  class: text('Ingress Class to be used'),
  'default-backend': text('Default service for backend, in format of svcname:port'),
  rule: repeated(
    "Rule in format host/path=service:port[,tls=secretname]. Paths containing the leading character '*' are considered pathType=Prefix. tls argument is optional.",
  ),
}

/** `kubectl create ingress`: create an ingress with the specified name. */
export const createIngress = defineCommand({
  name: 'ingress',
  aliases: ['ing'],
  summary: 'Create an ingress with the specified name',
  description: 'Create an ingress with the specified name.',
  examples: `  # Create a single ingress called 'simple' that directs requests to foo.com/bar to svc
  # svc1:8080 with a TLS secret "my-cert"
  kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"

  # Create a catch all ingress of "/path" pointing to service svc:port and Ingress Class as "otheringress"
  kubectl create ingress catch-all --class=otheringress --rule="/path=svc:port"

  # Create an ingress with two annotations: ingress.annotation1 and ingress.annotations2
  kubectl create ingress annotated --class=default --rule="foo.com/bar=svc:port" \\
  --annotation ingress.annotation1=foo \\
  --annotation ingress.annotation2=bla

  # Create an ingress with the same host and multiple paths
  kubectl create ingress multipath --class=default \\
  --rule="foo.com/=svc:port" \\
  --rule="foo.com/admin/=svcadmin:portadmin"

  # Create an ingress with multiple hosts and the pathType as Prefix
  kubectl create ingress ingress1 --class=default \\
  --rule="foo.com/path*=svc:8080" \\
  --rule="bar.com/admin*=svc2:http"

  # Create an ingress with TLS enabled using the default ingress certificate and different path types
  kubectl create ingress ingtls --class=default \\
  --rule="foo.com/=svc:https,tls" \\
  --rule="foo.com/path/subpath*=othersvc:8080"

  # Create an ingress with TLS enabled using a specific secret and pathType as Prefix
  kubectl create ingress ingsecret --class=default \\
  --rule="foo.com/*=svc:8080,tls=secret1"

  # Create an ingress with a default backend
  kubectl create ingress ingdefault --class=default \\
  --default-backend=defaultsvc:http \\
  --rule="foo.com/*=svc:8080,tls=secret1"`,
  usage: 'NAME --rule=host/path=service:port[,tls[=secret]] ',
  flags,
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    if (flags.rule.length === 0 && !flags['default-backend']) {
      throw new Failure(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      )
    }
    const rules = flags.rule.map(parseRule)
    const annotations = parseAnnotations(flags.annotation)
    await create(invocation, flags, {
      failure: 'failed to create ingress: ',
      object: {
        kind: 'Ingress',
        apiVersion: 'networking.k8s.io/v1',
        metadata: { name, ...givenNamespace(invocation), ...(annotations && { annotations }) },
        spec: {
          ...(flags.class && { ingressClassName: flags.class }),
          ...(flags['default-backend'] && { defaultBackend: parseDefaultBackend(flags['default-backend']) }),
          ...(rules.some(rule => rule.isTls) && { tls: tlsOf(rules) }),
          ...(rules.length > 0 && { rules: hostsOf(rules) }),
        },
        status: { loadBalancer: {} },
      },
    })
  },
})

interface Rule {
  readonly host: string
  readonly path: string
  readonly pathType: 'Exact' | 'Prefix'
  readonly backend: object
  readonly isTls: boolean
  readonly secret: string
}

/** Reads `host/path*=service:port,tls=secret`. */
function parseRule(text: string): Rule {
  const match = /^([^/]*)(\/[^=]*)=([^:]+):([^,]+)(?:,(.*))?$/.exec(text)
  if (!match) {
    throw new Failure(`rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`)
  }
  const [, host = '', path = '', service = '', port = ''] = match
  // Anything after a single comma counts as tls, whatever it is called: buildTLSRules in create_ingress.go.
  const [, tls, ...more] = text.split(',')
  return {
    host,
    path: path.replace(/\*+$/, ''),
    pathType: path.endsWith('*') ? 'Prefix' : 'Exact',
    backend: backend(service, port),
    isTls: tls !== undefined && more.length === 0,
    secret: tls?.split('=')[1] ?? '',
  }
}

function backend(name: string, port: string): object {
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } }
}

function parseDefaultBackend(text: string): object {
  const [name = '', port, ...rest] = text.split(':')
  if (!name || !port || rest.length > 0) {
    throw new Failure('default-backend should be in format servicename:serviceport')
  }
  return backend(name, port)
}

function hostsOf(rules: readonly Rule[]): object[] {
  const hosts = [...new Set(rules.map(rule => rule.host))]
  return hosts.map(host => ({
    ...(host && { host }),
    http: {
      paths: rules
        .filter(rule => rule.host === host)
        .map(({ path, pathType, backend }) => ({ path, pathType, backend })),
    },
  }))
}

/** One entry for each secret, with the hosts it is for; a host counts with its first rule only. */
function tlsOf(rules: readonly Rule[]): object[] {
  const wanted = rules.filter(rule => rule.isTls)
  const first = wanted.filter((rule, index) => wanted.findIndex(({ host }) => host === rule.host) === index)
  const secrets = [...new Set(first.map(rule => rule.secret))]
  return secrets.flatMap(secretName => {
    const hosts = first.filter(rule => rule.secret === secretName && rule.host).map(rule => rule.host)
    if (hosts.length === 0 && !secretName) return []
    return [{ ...(hosts.length > 0 && { hosts }), ...(secretName && { secretName }) }]
  })
}

function parseAnnotations(list: readonly string[]): Record<string, string> | undefined {
  if (list.length === 0) return undefined
  return Object.fromEntries(
    list.map(text => {
      const at = text.indexOf('=')
      if (at < 0) throw new Failure(`annotation ${text} is invalid and should be in format key=[value]`)
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}
