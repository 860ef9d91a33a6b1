/** One demand of `--field-selector`: a path into the object and what should stand there. */
export interface FieldRequirement {
  readonly field: string
  readonly operator: '=' | '!='
  readonly value: string
}

/** Reads `status.phase=Running,spec.nodeName!=node1`; throws an Error with the words of k8s.io/apimachinery/pkg/fields. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  // Commas within a value are escaped with a backslash.
  const terms = text.match(/(?:[^\\,]|\\.)+/gs) ?? []
  return terms.sort().map(term => {
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term)
    if (!match) throw new Error(`invalid selector: '${text}'; can't understand '${term}'`)
    const [, field = '', sign, value = ''] = match
    return { field, operator: sign === '!=' ? '!=' : '=', value: withoutEscapes(value) }
  })
}

function withoutEscapes(value: string): string {
  const stray = /^(?:[^\\=]|\\.)*(=)/s.exec(value)
  if (stray) throw new Error(`invalid field selector: unescaped character in value: ${'='.charCodeAt(0)}`)
  return value.replace(/\\([\\,=])/g, '$1')
}

/** Requirements in their canonical spelling. */
export function formatFieldSelector(requirements: readonly FieldRequirement[]): string {
  return requirements
    .map(({ field, operator, value }) => `${field}${operator}${value.replace(/[\\,=]/g, '\\$&')}`)
    .sort()
    .join(',')
}

/** What stands at a path of an object, as text: nothing is the empty text. */
export function textAt(object: unknown, path: string): string {
  let value = object
  for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined | null)?.[part]
  return value === undefined || value === null ? '' : String(value)
}
