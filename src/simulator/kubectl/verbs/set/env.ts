import type { Container, EnvVar } from 'kubernetes-types/core/v1'
import { defineCommand } from '../../command.ts'
import { Failure, throwAll } from '../../failure.ts'
import { dryRun, fieldManager } from '../../flags/changing.ts'
import { fileFlags } from '../../flags/files.ts'
import { boolean, list, repeated, text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { selector } from '../../flags/selecting.ts'
import type { Invocation } from '../../invocation.ts'
import { fromBase64 } from '../../objects/bytes.ts'
import { containersNamed } from '../../objects/containers.ts'
import { podSpecOf } from '../../objects/podTemplate.ts'
import { Selection } from '../../objects/selection.ts'
import { requireResources, updateSpecs, withoutPods } from '../../objects/specUpdate.ts'
import type { Target } from '../../objects/target.ts'
import type { AnyObject } from '../../server/object.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files the resource to update the env'),
  selector,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-set'),
  all: boolean('If true, select all resources in the namespace of the specified resource types'),
  containers: text('The names of containers in the selected pod templates to change - may use wildcards', '*', {
    short: 'c',
  }),
  env: repeated('Specify a key-value pair for an environment variable to set into each container.', [], { short: 'e' }),
  from: text('The name of a resource from which to inject environment variables'),
  keys: list('Comma-separated list of keys to import from specified resource'),
  list: boolean(
    'If true, display the environment and any changes in the standard format. this flag will removed when we have kubectl view env.',
  ),
  local: boolean('If true, set env will NOT contact api-server but run locally.'),
  overwrite: boolean(
    'If true, allow environment to be overwritten, otherwise reject updates that overwrite existing environment.',
    true,
  ),
  prefix: text('Prefix to append to variable names'),
  resolve: boolean('If true, show secret or configmap references when listing variables'),
}

/** `kubectl set env`: update environment variables on a pod template. */
export const setEnv = defineCommand({
  name: 'env',
  summary: 'Update environment variables on a pod template',
  description: `Update environment variables on a pod template.

 List environment variable definitions in one or more pods, pod templates. Add, update, or remove container environment variable definitions in one or more pod templates (within replication controllers or deployment configurations). View or modify the environment variable definitions on all containers in the specified pods or pod templates, or just those that match a wildcard.

 If "--env -" is passed, environment variables can be read from STDIN using the standard env syntax.

 Possible resources include (case insensitive):

        pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset (sts), cronjob (cj), replicaset (rs)`,
  examples: `  # Update deployment 'registry' with a new environment variable
  kubectl set env deployment/registry STORAGE_DIR=/local

  # List the environment variables defined on a deployments 'sample-build'
  kubectl set env deployment/sample-build --list

  # List the environment variables defined on all pods
  kubectl set env pods --all --list

  # Output modified deployment in YAML, and does not alter the object on the server
  kubectl set env deployment/sample-build STORAGE_DIR=/data -o yaml

  # Update all containers in all replication controllers in the project to have ENV=prod
  kubectl set env rc --all ENV=prod

  # Import environment from a secret
  kubectl set env --from=secret/mysecret deployment/myapp

  # Import environment from a config map with a prefix
  kubectl set env --from=configmap/myconfigmap --prefix=MYSQL_ deployment/myapp

  # Import specific keys from a config map
  kubectl set env --keys=my-example-key --from=configmap/myconfigmap deployment/myapp

  # Remove the environment variable ENV from container 'c1' in all deployment configs
  kubectl set env deployments --all --containers="c1" ENV-

  # Remove the environment variable ENV from a deployment definition on disk and
  # update the deployment config on the server
  kubectl set env -f deploy.json ENV-

  # Set some of the local shell environment into a deployment config on the server
  env | grep RAILS_ | kubectl set env -e - deployment/registry`,
  usage: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  flags,
  async run(invocation) {
    const { flags, args } = invocation
    invocation.config.check()
    const { resources, pairs } = splitArguments(args)
    if (flags.all && flags.selector) throw new Failure('cannot set --all and --selector at the same time')
    requireResources(resources, flags)
    const { set, removed } = parsePairs([...pairs, ...flags.env])
    const imported = flags.from ? await importFrom(invocation) : []
    if (flags.list) return listVariables(invocation, resources)
    await updateSpecs(invocation, {
      resources,
      flags,
      operation: 'env updated',
      subject: 'env update to pod template',
      async change(object, target) {
        if (!podSpecOf(object)) throw withoutPods(object)
        const containers = chosenContainers(object, flags.containers)
        if (containers.length === 0) {
          const place = `${object.kind}/${target.name}`
          return invocation.warn(
            `Warning: ${place} does not have any containers matching ${JSON.stringify(flags.containers)}`,
          )
        }
        for (const container of containers) {
          const env = updated(container.env ?? [], [...imported, ...set], removed, flags.overwrite)
          if (env.length > 0) container.env = env
          else delete container.env
        }
      },
    })
    return 0
  },
})

type SetEnv = Invocation<typeof flags>

function splitArguments(args: readonly string[]): { resources: string[]; pairs: string[] } {
  const isPair = (arg: string) => (arg.includes('=') && !arg.startsWith('=')) || (arg.endsWith('-') && arg !== '-')
  const first = args.findIndex(isPair)
  if (first < 0) return { resources: [...args], pairs: [] }
  const stray = args.slice(first).find(arg => !isPair(arg))
  if (stray !== undefined) {
    throw new Failure(`all resources must be specified before environment changes: ${stray}`)
  }
  return { resources: args.slice(0, first), pairs: args.slice(first) }
}

function parsePairs(pairs: readonly string[]): { set: EnvVar[]; removed: string[] } {
  const set: EnvVar[] = []
  const removed: string[] = []
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at > 0) {
      const name = pair.slice(0, at)
      if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) {
        throw new Failure(
          `${JSON.stringify(name)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
        )
      }
      set.push({ name, value: pair.slice(at + 1) })
    } else if (pair.endsWith('-')) removed.push(pair.slice(0, -1))
    else throw new Failure(`unknown environment variable: ${pair}`)
  }
  const both = set.find(({ name }) => removed.includes(name))
  if (both) throw new Failure('can not both modify and remove an environment variable in the same command')
  return { set, removed }
}

function chosenContainers(object: AnyObject, pattern: string): Container[] {
  const spec = podSpecOf(object)
  return containersNamed([...(spec?.containers ?? []), ...(spec?.initContainers ?? [])], pattern)
}

function updated(
  env: readonly EnvVar[],
  set: readonly EnvVar[],
  removed: readonly string[],
  overwrites: boolean,
): EnvVar[] {
  if (!overwrites) {
    const existing = set.filter(({ name }) => env.some(each => each.name === name))
    throwAll(
      existing.map(({ name }) => {
        const { value } = env.find(each => each.name === name)!
        return new Failure(`'${name}' already has a value (${value ?? ''}), and --overwrite is false`)
      }),
    )
  }
  const result = env.filter(({ name }) => !removed.includes(name))
  for (const variable of set) {
    const at = result.findIndex(({ name }) => name === variable.name)
    if (at < 0) result.push(variable)
    else result[at] = variable
  }
  return result
}

/** The variables for the keys of a configmap or secret. */
async function importFrom(invocation: SetEnv): Promise<EnvVar[]> {
  const { flags: given } = invocation
  const selection = await Selection.of(invocation, { args: [given.from] })
  const [source] = await selection.all()
  const isSecret = source?.object.kind === 'Secret'
  if (!source || (!isSecret && source.object.kind !== 'ConfigMap')) {
    throw new Failure(`unsupported resource specified in --from`)
  }
  const keys = Object.keys((source.object['data'] ?? {}) as object).sort()
  const chosen = keys.filter(key => given.keys.length === 0 || given.keys.includes(key))
  if (chosen.length === 0) throw new Failure(`no keys found in ${given.from}`)
  const variables: EnvVar[] = []
  for (const key of chosen) variables.push(await variableFor(invocation, key, source, isSecret))
  return variables
}

async function variableFor(
  invocation: SetEnv,
  key: string,
  { name: source }: Target,
  isSecret: boolean,
): Promise<EnvVar> {
  const { prefix } = invocation.flags
  const name = prefix + key.toUpperCase().replace(/[^A-Z0-9_]/g, '_')
  if (name !== key) await invocation.warn(`Warning: key ${key} transferred to ${name}`)
  const reference = { name: source, key }
  return { name, valueFrom: isSecret ? { secretKeyRef: reference } : { configMapKeyRef: reference } }
}

async function listVariables(invocation: SetEnv, resources: readonly string[]): Promise<number> {
  const { flags: given } = invocation
  const selection = await Selection.of(invocation, {
    args: given.local ? [] : resources,
    filenames: given.filename,
    kustomize: given.kustomize,
    isRecursive: given.recursive,
    selector: given.selector,
    isAll: given.all,
    isLocal: given.local,
  })
  await selection.each(
    async target => {
      for (const container of chosenContainers(target.object, given.containers)) {
        await invocation.print(`# ${target.object.kind} ${target.name}, container ${container.name}\n`)
        for (const variable of container.env ?? [])
          await invocation.print(await variableLine(invocation, variable, target))
      }
    },
    { isLatest: !given.local },
  )
  return 0
}

async function variableLine(invocation: SetEnv, { name, value, valueFrom }: EnvVar, target: Target): Promise<string> {
  if (!valueFrom) return `${name}=${value ?? ''}\n`
  const reference = valueFrom.configMapKeyRef ?? valueFrom.secretKeyRef
  if (invocation.flags.resolve && reference) {
    const kind = valueFrom.configMapKeyRef ? 'configmaps' : 'secrets'
    const resource = (await invocation.resources()).named(kind)
    const object = await invocation.api.get(resource, target.namespace, reference.name ?? '')
    const text = ((object['data'] ?? {}) as Record<string, string>)[reference.key] ?? ''
    return `${name}=${kind === 'secrets' ? fromBase64(text) : text}\n`
  }
  return `# ${name} from ${sourceText(valueFrom)}\n`
}

function sourceText({
  fieldRef,
  resourceFieldRef,
  secretKeyRef,
  configMapKeyRef,
}: NonNullable<EnvVar['valueFrom']>): string {
  if (fieldRef) return `field path ${fieldRef.fieldPath}`
  if (resourceFieldRef) {
    const container = resourceFieldRef.containerName ? `${resourceFieldRef.containerName}/` : ''
    return `resource field ${container}${resourceFieldRef.resource}`
  }
  if (secretKeyRef) return `secret ${secretKeyRef.name}, key ${secretKeyRef.key}`
  return configMapKeyRef ? `configmap ${configMapKeyRef.name}, key ${configMapKeyRef.key}` : 'invalid valueFrom'
}
