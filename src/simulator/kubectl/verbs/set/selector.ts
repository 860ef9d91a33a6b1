import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager, record } from '../../flags/changing.ts'
import { filename, recursive } from '../../flags/files.ts'
import { boolean, text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { allOfType } from '../../flags/selecting.ts'
import { selectorFrom } from '../../objects/labelSelector.ts'
import { splitPairs } from '../../objects/pairs.ts'
import { updateSpecs } from '../../objects/specUpdate.ts'

const flags = {
  ...outputFlags,
  recursive: recursive(true),
  filename: filename('identifying the resource.'),
  all: allOfType,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-set'),
  local: boolean('If true, annotation will NOT contact api-server but run locally.'),
  'resource-version': text(
    'If non-empty, the selectors update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.',
  ),
  record,
}

/** `kubectl set selector`: set the selector on a resource. */
export const setSelector = defineCommand({
  name: 'selector',
  summary: 'Set the selector on a resource',
  description: `Set the selector on a resource. Note that the new selector will overwrite the old selector if the resource had one prior to the invocation of 'set selector'.

 A selector must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 63 characters. If --resource-version is specified, then updates will use this resource version, otherwise the existing resource-version will be used. Note: currently selectors can only be set on Service objects.`,
  examples: `  # Set the labels and selector before creating a deployment/service pair
  kubectl create service clusterip my-svc --clusterip="None" -o yaml --dry-run=client | kubectl set selector --local -f - 'environment=qa' -o yaml | kubectl create -f -
  kubectl create deployment my-dep --image=nginx -o yaml --dry-run=client | kubectl label --local -f - environment=qa -o yaml | kubectl create -f -`,
  usage: '(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  flags,
  complete: 'resource',
  async run(invocation) {
    const { flags, args } = invocation
    const { resources, pairs } = splitPairs(args, 'selector')
    if (pairs.length === 0) throw new Failure('one selector is required')
    if (pairs.length > 1) throw new Failure('selector may only be specified once')
    const { matchLabels, matchExpressions } = selectorFrom(pairs[0]!)
    await updateSpecs(invocation, {
      resources,
      flags: { ...flags, kustomize: '' },
      operation: 'selector updated',
      subject: 'selector',
      change(object) {
        if (object.kind !== 'Service') throw new Failure(`setting a selector is only supported for Services`)
        if (matchExpressions?.length)
          throw new Failure(`match expression ${shown(matchExpressions)} not supported on this object`)
        ;(object['spec'] as { selector?: unknown }).selector = matchLabels ?? {}
      },
    })
  },
})

/** Expressions as Go's %v prints them. */
function shown(expressions: readonly { key: string; operator: string; values?: readonly string[] }[]): string {
  return `[${expressions.map(({ key, operator, values = [] }) => `{${key} ${operator} [${values.join(' ')}]}`).join(' ')}]`
}
