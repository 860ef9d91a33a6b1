import { ConnectionFailure, Failure, ServerFailure, withPrefix } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import type { OutputFlags } from '../output/printer.ts'
import { printerFor } from '../output/printer.ts'
import type { AnyObject } from '../server/object.ts'
import { typedResource } from '../server/resource.ts'
import { dryRunOf, dryRunQuery, withDryRun } from './dryRun.ts'
import { lastApplied } from './lastApplied.ts'
import { fieldValidation, validationOf } from './validation.ts'

/** The flags of the verbs that create one object of a known kind. */
export interface CreationFlags extends OutputFlags {
  readonly 'dry-run': string
  readonly 'field-manager': string
  readonly 'save-config': boolean
  readonly validate: string
}

/** The one name that a generator takes. */
export function requireName(invocation: Invocation): string {
  const { args, argsBeforeDash } = invocation
  const names = argsBeforeDash === undefined ? args : args.slice(0, argsBeforeDash)
  if (names.length !== 1) throw invocation.usageError(`exactly one NAME is required, got ${names.length}`)
  return names[0]!
}

/** The words after `--`: what a container is to run. */
export function commandAfterDash({ args, argsBeforeDash }: Invocation): readonly string[] {
  return argsBeforeDash === undefined ? [] : args.slice(argsBeforeDash)
}

/** Where the object goes, if the command line says so: objects that are only shown name no other namespace. */
export function givenNamespace({ config }: Invocation): { namespace?: string } {
  return config.hasNamespace ? { namespace: config.namespace } : {}
}

/** How a generator's object is created and what is said when the server refuses. */
export interface Creation {
  /** In the order of the fields of Go's type. */
  readonly object: AnyObject
  /** Said before the server's words: `failed to create deployment: `. */
  readonly failure?: string
  /** Done once the object is there, and before that is told. */
  followUp?(): Promise<void>
}

/** Creates the object of a generator, or shows what would be created. */
export async function create(
  invocation: Invocation,
  flags: CreationFlags,
  { object, failure, followUp }: Creation,
): Promise<void> {
  const dryRun = dryRunOf(flags)
  const validation = validationOf(flags)
  const isTyped = dryRun === 'client'
  const printer = printerFor(invocation.process, flags, { operation: withDryRun('created', dryRun), isTyped })
  const wanted = flags['save-config'] ? lastApplied.added(object) : object
  if (dryRun === 'client') {
    await followUp?.()
    return invocation.print(printer.print(wanted))
  }
  invocation.config.check()
  const resource = typedResource(wanted)
  const namespace = resource.namespaced ? (wanted.metadata.namespace ?? invocation.namespace) : undefined
  try {
    const created = await invocation.api.create(resource, namespace, wanted, {
      fieldManager: flags['field-manager'],
      fieldValidation: fieldValidation(validation),
      ...dryRunQuery(dryRun),
    })
    await followUp?.()
    await invocation.print(printer.print(created))
  } catch (error) {
    // Told in kubectl's own words, and no longer as the server's refusal.
    if (failure && error instanceof ServerFailure) throw new Failure(`${failure}${error.message}`)
    if (failure && error instanceof ConnectionFailure) throw new Failure(`${failure}${error.attempt}: ${error.message}`)
    if (error instanceof ConnectionFailure) throw error
    throw error instanceof Failure ? withPrefix(error, '') : error
  }
}
