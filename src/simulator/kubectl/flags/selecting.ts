import { boolean, integer, text } from './flag.ts'

/** `-l`: objects by their labels. */
export const selector = text(
  "Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.(e.g. -l key1=value1,key2=value2,key3 in (value3)). Matching objects must satisfy all of the specified label constraints.",
  '',
  { short: 'l' },
)

/** `--field-selector`: objects by a few of their fields. */
export const fieldSelector = text(
  "Selector (field query) to filter on, supports '=', '==', and '!='.(e.g. --field-selector key1=value1,key2=value2). The server only supports a limited number of field queries per type.",
)

/** `-A`: the objects of every namespace. */
export const allNamespaces = boolean(
  'If present, list the requested object(s) across all namespaces. Namespace in current context is ignored even if specified with --namespace.',
  false,
  { short: 'A' },
)

/** `-A` of the verbs that change objects. */
export const everyNamespace = boolean('If true, check the specified action in all namespaces.', false, { short: 'A' })

/** `--all` of most verbs. */
export const all = boolean('Select all resources, in the namespace of the specified resource types')

/** `--all` of some verbs, with a comma less. */
export const allOfType = boolean('Select all resources in the namespace of the specified resource types')

/** `--chunk-size`: how large lists travel. */
export const chunkSize = integer('Return large lists in chunks rather than all at once. Pass 0 to disable.', 500)
