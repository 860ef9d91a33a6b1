import type { PolicyRule } from 'kubernetes-types/rbac/v1'
import { defineCommand } from '../../command.ts'
import { ConnectionFailure, Failure } from '../../failure.ts'
import { boolean, text } from '../../flags/flag.ts'
import { everyNamespace } from '../../flags/selecting.ts'
import type { Invocation } from '../../invocation.ts'
import { policyCells, policyLines, policyTitles } from '../../objects/policyRules.ts'
import { formatTable } from '../../output/table.ts'
import type { Resource } from '../../server/resource.ts'

const flags = {
  'all-namespaces': everyNamespace,
  list: boolean('If true, prints all allowed actions.'),
  'no-headers': boolean('If true, prints allowed actions without headers'),
  quiet: boolean('If true, suppress output and just return the exit code.', false, { short: 'q' }),
  subresource: text('SubResource such as pod/log or deployment/scale'),
}

/** `kubectl auth can-i`: check whether an action is allowed. */
export const authCanI = defineCommand({
  name: 'can-i',
  summary: 'Check whether an action is allowed',
  description: `Check whether an action is allowed.

 VERB is a logical Kubernetes API verb like 'get', 'list', 'watch', 'delete', etc. TYPE is a Kubernetes resource. Shortcuts and groups will be resolved. NONRESOURCEURL is a partial URL that starts with "/". NAME is the name of a particular Kubernetes resource. This command pairs nicely with impersonation. See --as global flag.`,
  examples: `  # Check to see if I can create pods in any namespace
  kubectl auth can-i create pods --all-namespaces

  # Check to see if I can list deployments in my current namespace
  kubectl auth can-i list deployments.apps

  # Check to see if service account "foo" of namespace "dev" can list pods in the namespace "prod"
  # You must be allowed to use impersonation for the global option "--as"
  kubectl auth can-i list pods --as=system:serviceaccount:dev:foo -n prod

  # Check to see if I can do everything in my current namespace ("*" means all)
  kubectl auth can-i '*' '*'

  # Check to see if I can get the job named "bar" in namespace "foo"
  kubectl auth can-i list jobs.batch/bar -n foo

  # Check to see if I can read pod logs
  kubectl auth can-i get pods --subresource=log

  # Check to see if I can access the URL /logs/
  kubectl auth can-i get /logs/

  # Check to see if I can approve certificates.k8s.io
  kubectl auth can-i approve certificates.k8s.io

  # List all allowed actions in namespace "foo"
  kubectl auth can-i --list --namespace=foo`,
  usage: 'VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  flags,
  async run(invocation) {
    const { args, flags } = invocation
    invocation.config.check()
    if (flags.list) return listAllowed(invocation)
    const [verb, target, name] = args
    if (verb === undefined || target === undefined || args.length > 3)
      throw new Failure(
        "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
      )
    const spec = target.startsWith('/')
      ? { nonResourceAttributes: { verb, path: target } }
      : {
          resourceAttributes: await attributesOf(
            invocation,
            verb,
            target,
            name,
            flags.subresource,
            flags['all-namespaces'],
          ),
        }
    const review = await invocation.api.write('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      spec,
    })
    const { allowed, reason } = review['status'] as { allowed: boolean; reason?: string }
    if (!flags.quiet) await invocation.print(allowed ? 'yes\n' : `no${reason ? ` - ${reason}` : ''}\n`)
    return allowed ? 0 : 1
  },
})

async function attributesOf(
  invocation: Invocation,
  verb: string,
  target: string,
  name: string | undefined,
  subresource: string,
  isEverywhere: boolean,
): Promise<object> {
  const [type = '', slashName] = target.split('/')
  const found = type === '*' ? undefined : await findType(invocation, type)
  if (!found && type !== '*') await invocation.warn(`Warning: the server doesn't have a resource type '${type}'\n`)
  if (found && !found.namespaced && !isEverywhere)
    await invocation.warn(
      `Warning: resource '${found.plural}' is not namespace scoped${found.group ? ` in group '${found.group}'` : ''}\n`,
    )
  const namespace = isEverywhere || (found && !found.namespaced) ? {} : { namespace: invocation.namespace }
  const objectName = slashName ?? name
  return {
    verb,
    group: found?.group ?? (type === '*' ? '*' : ''),
    resource: found?.plural ?? type,
    ...namespace,
    ...(objectName === undefined ? {} : { name: objectName }),
    ...(subresource ? { subresource } : {}),
  }
}

/** The type of a name; when the server cannot be asked, the question is put to it as it was typed. */
async function findType(invocation: Invocation, name: string): Promise<Resource | undefined> {
  try {
    return (await invocation.resources()).findNamed(name)
  } catch (error) {
    if (error instanceof ConnectionFailure) return undefined
    throw error
  }
}

async function listAllowed(invocation: Invocation<typeof flags>): Promise<void> {
  const review = await invocation.api.write('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    spec: { namespace: invocation.namespace },
  })
  const { resourceRules = [], nonResourceRules = [] } = review['status'] as {
    resourceRules?: PolicyRule[]
    nonResourceRules?: { verbs: string[]; nonResourceURLs: string[] }[]
  }
  const rows = policyLines([...resourceRules, ...nonResourceRules]).map(policyCells)
  const titles = invocation.flags['no-headers'] ? [] : [policyTitles]
  await invocation.print(formatTable([...titles, ...rows]))
}
