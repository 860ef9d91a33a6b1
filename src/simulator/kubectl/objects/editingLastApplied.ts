import { isEqual } from '../../cluster/api/equality.ts'
import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { formatJson } from '../output/json.ts'
import { nameLines, type OutputFlags, printerFor } from '../output/printer.ts'
import { formatYaml } from '../output/yaml.ts'
import type { AnyObject } from '../server/object.ts'
import { documentsIn } from './documents.ts'
import { editText } from './editor.ts'
import { lastApplied } from './lastApplied.ts'
import type { Selection } from './selection.ts'
import type { Target } from './target.ts'

const header = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`

/** Opens what was applied last in the user's editor and stores it in the annotation again. */
// Simplified: what the server refuses is not opened a second time.
export async function editLastApplied(
  invocation: Invocation,
  selection: Selection,
  flags: OutputFlags & { readonly 'field-manager': string },
): Promise<number> {
  const targets: Target[] = []
  await selection.each(async target => void (lastApplied.of(target.object) !== undefined && targets.push(target)), {
    isLatest: true,
  })
  if (targets.length === 0) {
    throw new Failure(
      'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
    )
  }
  const isJson = flags.output === 'json'
  const before = targets.map(({ object }) => JSON.parse(lastApplied.of(object)!) as AnyObject)
  const whole = before.length === 1 ? before[0] : { apiVersion: 'v1', items: before, kind: 'List', metadata: {} }
  const given = isJson ? formatJson(whole) : header + formatYaml(whole)
  const { text, path } = await editText(invocation.process, isJson ? '.json' : '.yaml', given)
  if (text === given) {
    await invocation.warn('Edit cancelled, no changes made.')
    return 0
  }
  const content = text.replace(/^\s*#.*\n?/gm, '')
  if (content.trim() === '') {
    await invocation.warn('Edit cancelled, saved file was empty.')
    return 0
  }
  for (const [i, after] of objectsIn(content, path).entries())
    await store(invocation, targets[i], before[i], after, flags)
  invocation.process.files.remove(path)
  return 0
}

function objectsIn(content: string, path: string): AnyObject[] {
  try {
    return [...documentsIn(content)].flatMap(value => {
      const object = value as AnyObject & { items?: AnyObject[] }
      return object.kind === 'List' && object.items ? object.items : [object]
    })
  } catch (error) {
    throw new Failure(
      `error parsing edited-file: ${(error as Error).message}; your changes are in ${JSON.stringify(path)}`,
    )
  }
}

async function store(
  invocation: Invocation,
  target: Target | undefined,
  before: AnyObject | undefined,
  after: AnyObject,
  flags: OutputFlags & { readonly 'field-manager': string },
): Promise<void> {
  const isSame = target && target.name === after.metadata?.name && target.resource.kind === after.kind
  if (!isSame) throw new Failure('At least one of apiVersion, kind and name was changed')
  const { resource, namespace, name, object } = target
  if (isEqual(before, after)) return invocation.print(nameLines(object, 'skipped'))
  const patch = { metadata: { annotations: { [lastApplied.annotation]: lastApplied.textOf(after) } } }
  const query = { fieldManager: flags['field-manager'] }
  const stored = await invocation.api.patch(resource, namespace, name, 'merge', patch, { query })
  await invocation.print(printerFor(invocation.process, flags, { operation: 'edited' }).print(stored))
}
