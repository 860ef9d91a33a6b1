import { Quantity } from '../../cluster/api/quantity.ts'
import { Failure } from '../failure.ts'

/** Reads `cpu=1,memory=1Gi`; nothing at all is undefined. */
export function parseResources(text: string): Record<string, string> | undefined {
  if (text === '') return undefined
  const result: Record<string, string> = {}
  for (const part of text.split(',')) {
    const [name = '', value, ...rest] = part.split('=')
    if (value === undefined || rest.length > 0) {
      throw new Failure(`Invalid argument syntax ${part}, expected <resource>=<value>`)
    }
    try {
      result[name] = Quantity.parse(value).toString()
    } catch (error) {
      throw new Failure((error as Error).message)
    }
  }
  return result
}
