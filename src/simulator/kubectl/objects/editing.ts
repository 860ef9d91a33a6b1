import { isEqual } from '../../cluster/api/equality.ts'
import { Failure, reasonOf, ServerFailure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { formatJson, sorted } from '../output/json.ts'
import { nameLines, type OutputFlags, printerFor, withoutManagedFields } from '../output/printer.ts'
import { documentSeparator, formatYaml } from '../output/yaml.ts'
import { patchBetween } from '../patches/strategic.ts'
import type { AnyObject } from '../server/object.ts'
import { qualifiedName } from '../server/resource.ts'
import { documentsIn } from './documents.ts'
import { editText } from './editor.ts'
import { lastApplied } from './lastApplied.ts'
import type { Selection } from './selection.ts'
import { nameOf, type Target } from './target.ts'

/** The flags of the verbs that open an editor. */
export interface EditFlags extends OutputFlags {
  readonly 'field-manager': string
  readonly 'save-config'?: boolean
  readonly 'output-patch'?: boolean
}

const header = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`

interface Attempt {
  readonly isDone: boolean
  /** What was wrong, for the head of the file when it is opened again. */
  readonly problems: readonly string[]
}

/** Opens objects in the user's editor and sends what has changed; what the server refuses is opened again. */
export async function editObjects(invocation: Invocation, selection: Selection, flags: EditFlags): Promise<number> {
  const targets: Target[] = []
  await selection.each(async target => void targets.push(target), { isLatest: true })
  if (targets.length === 0) {
    await invocation.warn('edit cancelled, no objects found')
    return 0
  }
  const isJson = flags.output === 'json'
  let text = show(targets, isJson)
  let problems: readonly string[] = []
  for (;;) {
    const given = isJson
      ? text
      : `${header}${problems.map(problem => `# ${problem}\n`).join('')}${problems.length > 0 ? '#\n' : ''}${text}`
    const { text: edited, path } = await editText(invocation.process, isJson ? '.json' : '.yaml', given)
    const content = stripComments(edited)
    if (content === stripComments(given)) {
      if (problems.length === 0) {
        await invocation.warn('Edit cancelled, no changes made.')
        invocation.process.files.remove(path)
        return 0
      }
      await invocation.warn(`A copy of your changes has been stored to ${JSON.stringify(path)}`)
      throw new Failure('Edit cancelled, no valid changes were saved.')
    }
    if (content.trim() === '') {
      await invocation.warn('Edit cancelled, saved file was empty.')
      return 0
    }
    const attempt = await save(invocation, targets, content, flags, path)
    if (attempt.isDone) {
      if (attempt.problems.length === 0) invocation.process.files.remove(path)
      return attempt.problems.length === 0 ? 0 : 1
    }
    text = content
    problems = attempt.problems
  }
}

function show(targets: readonly Target[], isJson: boolean): string {
  const objects = targets.map(({ object }) => sorted(withoutManagedFields(object)) as AnyObject)
  const whole = objects.length === 1 ? objects[0]! : { apiVersion: 'v1', items: objects, kind: 'List', metadata: {} }
  return isJson ? formatJson(whole) : formatYaml(whole)
}

function stripComments(text: string): string {
  return text
    .split('\n')
    .filter(line => !/^\s*#/.test(line))
    .join('\n')
}

async function save(
  invocation: Invocation,
  targets: readonly Target[],
  content: string,
  flags: EditFlags,
  path: string,
): Promise<Attempt> {
  let edited: AnyObject[]
  try {
    edited = [...documentsIn(content)].flatMap(value => {
      const object = value as AnyObject & { items?: AnyObject[] }
      return object.kind === 'List' && object.items ? object.items : [object]
    })
  } catch (error) {
    return {
      isDone: false,
      problems: [`The edited file had a syntax error: error parsing edited-file: ${(error as Error).message}`],
    }
  }
  const problems: string[] = []
  let hasFailed = false
  for (const object of edited) {
    const target = targets.find(({ resource, name }) => resource.kind === object.kind && name === object.metadata?.name)
    if (!target) {
      await invocation.warn('error: At least one of apiVersion, kind and name was changed')
      problems.push('At least one of apiVersion, kind and name was changed')
      continue
    }
    const problem = await sendChange(invocation, target, object, flags)
    if (problem === undefined) continue
    if (problem.isInvalid) problems.push(...problem.lines)
    else hasFailed = true
  }
  if (problems.length > 0) return { isDone: false, problems }
  if (hasFailed) await invocation.warn(`A copy of your changes has been stored to ${JSON.stringify(path)}`)
  return { isDone: true, problems: hasFailed ? ['failed'] : [] }
}

async function sendChange(
  invocation: Invocation,
  target: Target,
  object: AnyObject,
  flags: EditFlags,
): Promise<{ isInvalid: boolean; lines: string[] } | undefined> {
  const before = withoutManagedFields(target.object)
  if (isEqual(before, object)) {
    await invocation.print(nameLines(target.object, 'skipped'))
    return undefined
  }
  const wanted = flags['save-config'] ? lastApplied.added(object) : lastApplied.refreshed(object)
  const { type, patch } = patchBetween(before, wanted)
  const { resource, namespace, name } = target
  try {
    const stored = await invocation.api.patch(resource, namespace, name, type, patch, {
      query: { fieldManager: flags['field-manager'], fieldValidation: 'Strict' },
    })
    if (flags['output-patch']) await invocation.print(`Patch: ${JSON.stringify(patch)}\n`)
    await invocation.print(printerFor(invocation.process, flags, { operation: 'edited' }).print(stored))
    return undefined
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error
    const what = `${qualifiedName(resource)} ${JSON.stringify(name)}`
    const isInvalid = ['Invalid', 'BadRequest'].includes(reasonOf(error) ?? '')
    await invocation.warn(
      isInvalid ? `error: ${what} is invalid` : `error: ${what} could not be patched: ${error.message}`,
    )
    if (!isInvalid) await invocation.warn('You can run `kubectl replace -f` to try this update again.')
    const causes = (error.answer.details?.causes ?? []).map(
      ({ field, message }) => `* ${field ? `${field}: ` : ''}${message}`,
    )
    return { isInvalid, lines: [`${what} was not valid:`, ...(causes.length > 0 ? causes : [`* ${error.message}`])] }
  }
}

/** `kubectl create --edit`: the manifests are edited before they are sent. */
export async function editAndCreate(invocation: Invocation, selection: Selection): Promise<number> {
  const targets = await selection.all()
  const given = header + targets.map(({ object }) => formatYaml(object)).join(documentSeparator)
  const { text } = await editText(invocation.process, '.yaml', given)
  if (stripComments(text).trim() === '') {
    await invocation.warn('Edit cancelled, saved file was empty.')
    return 1
  }
  const edited = [...documentsIn(stripComments(text))] as AnyObject[]
  for (const [i, object] of edited.entries()) {
    const target = targets[i]
    if (!target) continue
    const created = await invocation.api.create(target.resource, target.namespace, object)
    await invocation.print(`${nameOf({ ...target, name: created.metadata.name ?? '' })} created\n`)
  }
  return 0
}
