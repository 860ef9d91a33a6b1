import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../flags/changing.ts'
import { text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { create, givenNamespace, requireName } from '../../objects/create.ts'
import { parseResources } from '../../objects/resourceLists.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  hard: text('A comma-delimited set of resource=quantity pairs that define a hard limit.'),
  scopes: text('A comma-delimited set of quota scopes that must all match each object tracked by the quota.'),
}

/** `kubectl create quota`: create a quota with the specified name. */
export const createQuota = defineCommand({
  name: 'quota',
  aliases: ['resourcequota'],
  summary: 'Create a quota with the specified name',
  description: 'Create a resource quota with the specified name, hard limits, and optional scopes.',
  examples: `  # Create a new resource quota named my-quota
  kubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2,services=3,replicationcontrollers=2,resourcequotas=1,secrets=5,persistentvolumeclaims=10

  # Create a new resource quota named best-effort
  kubectl create quota best-effort --hard=pods=100 --scopes=BestEffort`,
  usage: 'NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags } = invocation
    const name = requireName(invocation)
    const scopes = flags.scopes ? flags.scopes.split(',') : []
    const hard = parseResources(flags.hard)
    for (const scope of scopes) if (scope === '') throw new Failure(`invalid resource quota scopes: ${flags.scopes}`)
    await create(invocation, flags, {
      failure: 'failed to create quota: ',
      object: {
        kind: 'ResourceQuota',
        apiVersion: 'v1',
        metadata: { name, ...givenNamespace(invocation) },
        spec: { ...(hard && { hard }), ...(scopes.length > 0 && { scopes }) },
        status: {},
      },
    })
  },
})
