import type { JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import { groupName, kindName, labelName, list, object, text } from './schema.ts'

/** Whose references from other namespaces are allowed here. */
export const referenceGrantSchema: JsonSchema = object('Who in other namespaces may refer to objects of this one.', {
  spec: object('What is allowed.', {
    'from!': list(
      'Who may refer.',
      object('Objects of a kind in a namespace.', {
        'group!': text('The group of the kind; empty for the core group.', 253, groupName),
        'kind!': text('The kind.', 63, kindName),
        'namespace!': text('The namespace.', 63, labelName),
      }),
      16,
      { minItems: 1 },
    ),
    'to!': list(
      'To what.',
      object('Objects of a kind in this namespace.', {
        'group!': text('The group of the kind; empty for the core group.', 253, groupName),
        'kind!': text('The kind.', 63, kindName),
        name: text('The name of the only object that is meant.', 253),
      }),
      16,
      { minItems: 1 },
    ),
  }),
})
