/** What the types of the API and their fields are, for people. Large, so that it is loaded only when someone asks. */
export interface ApiWords {
  readonly types: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Loads the words of the API. */
export async function loadApiWords(): Promise<ApiWords> {
  const { typeDescriptions, fieldDescriptions } = await import('../descriptions.generated.ts')
  return { types: typeDescriptions, fields: fieldDescriptions }
}
