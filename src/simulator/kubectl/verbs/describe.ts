import { defineCommand } from '../command.ts'
import { type Describer, View } from '../describe/describer.ts'
import { Description } from '../describe/description.ts'
import { describeAnything } from '../describe/generic.ts'
import { describers } from '../describe/registry.ts'
import { Failure, Failures, isNotFound } from '../failure.ts'
import { fileFlags } from '../flags/files.ts'
import { boolean } from '../flags/flag.ts'
import { allNamespaces, chunkSize, selector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { Selection, targetOf } from '../objects/selection.ts'
import type { Reference, Target } from '../objects/target.ts'
import type { AnyList } from '../server/object.ts'
import { apiVersionOf } from '../server/resource.ts'

const flags = {
  ...fileFlags('Filename, directory, or URL to files containing the resource to describe'),
  selector,
  'all-namespaces': allNamespaces,
  'chunk-size': chunkSize,
  'show-events': boolean(
    'If true, display events related to the described object. Defaults to true for a single object, false for multiple objects and prefix matching.',
    true,
  ),
}

/** `kubectl describe`: show details of a specific resource or group of resources. */
export const describe = defineCommand({
  name: 'describe',
  summary: 'Show details of a specific resource or group of resources',
  description: `Show details of a specific resource or group of resources.

 Print a detailed description of the selected resources, including related resources such as events or controllers. You may select a single object by name, all objects of that type, provide a name prefix, or label selector. For example:

        $ kubectl describe TYPE NAME_PREFIX
        
 will first check for an exact match on TYPE and NAME_PREFIX. If no such resource exists, it will output details for every resource that has a name prefixed with NAME_PREFIX.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `  # Describe a node
  kubectl describe nodes kubernetes-node-emt8.c.myproject.internal

  # Describe a pod
  kubectl describe pods/nginx

  # Describe a pod identified by type and name in "pod.json"
  kubectl describe -f pod.json

  # Describe all pods
  kubectl describe pods

  # Describe pods by label name=myLabel
  kubectl describe pods -l name=myLabel

  # Describe all pods managed by the 'frontend' replication controller
  # (rc-created pods get the name of the rc as a prefix in the pod name)
  kubectl describe pods frontend`,
  usage: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  flags,
  complete: 'resource',
  async run(invocation) {
    const { flags, args } = invocation
    if (args.length === 0 && flags.filename.length === 0 && !flags.kustomize) {
      throw new Failure(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      )
    }
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
      selector: flags.selector,
      isEveryNamespace: flags['all-namespaces'],
      mayBeType: true,
    })
    const { found, errors } = await collect(invocation, selection)
    const isAlone = found.length + errors.length === 1 && !found[0]?.isGuess
    const showsEvents = flags['show-events'] && (isAlone || invocation.has('show-events'))
    for (const [i, { target, isGuess }] of found.entries()) {
      const text = await attempt(errors, () => describeTarget(invocation, target, showsEvents))
      if (text === undefined) continue
      if (isGuess) await invocation.print(`${text}\n`)
      else await invocation.print(i === 0 ? text : `\n\n${text}`)
    }
    if (found.length === 0 && errors.length === 0) {
      const place = flags['all-namespaces'] ? '' : ` in ${invocation.namespace} namespace.`
      await invocation.warn(`No resources found${place}`)
    }
    if (errors.length > 0) throw new Failures(errors)
  },
})

type Piece = Parameters<Selection['fetch']>[0]

/** An object to describe, and whether only its name's beginning was given. */
interface Found {
  readonly target: Target
  readonly isGuess: boolean
}

/** Everything that is to be described; what cannot be had is told at the end. */
async function collect(invocation: Invocation, selection: Selection): Promise<{ found: Found[]; errors: Error[] }> {
  const errors: Error[] = []
  const found: Found[] = []
  for await (const piece of selection.pieces()) {
    if (piece instanceof Failure) errors.push(piece)
    else found.push(...((await attempt(errors, () => findTargets(invocation, selection, piece))) ?? []))
  }
  return { found, errors }
}

async function attempt<T>(errors: Error[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    errors.push(error)
    return undefined
  }
}

/** What a piece means; a name that nothing has may be the beginning of several names. */
async function findTargets(invocation: Invocation, selection: Selection, piece: Piece): Promise<Found[]> {
  const reference = 'target' in piece ? piece.target : 'reference' in piece ? piece.reference : undefined
  try {
    const targets = await selection.fetch(reference ? { reference } : piece)
    return targets.map(target => ({ target, isGuess: false }))
  } catch (error) {
    if (!reference || !isNotFound(error)) throw error
    const targets = await withPrefix(invocation, reference)
    if (targets.length === 0) throw error
    return targets.map(target => ({ target, isGuess: true }))
  }
}

async function withPrefix({ api }: Invocation, { resource, namespace, name }: Reference): Promise<Target[]> {
  const list: AnyList = await api.list(resource, namespace)
  return list.items.filter(item => item.metadata.name?.startsWith(name)).map(item => targetOf(resource, item))
}

async function describeTarget(
  invocation: Invocation,
  { resource, object }: Target,
  showsEvents: boolean,
): Promise<string> {
  const description = new Description()
  const view = new View(description, invocation, showsEvents)
  const whole = { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind }
  const describer: Describer | undefined = describers.find(
    ({ group, kind }) => group === resource.group && kind === resource.kind,
  )
  if (describer) await describer.describe(whole, view)
  else await describeAnything(whole, view)
  return description.toString()
}
