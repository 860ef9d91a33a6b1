import { configMap } from '../../cluster/kinds/configMap.ts'
import { defineDescriber } from './describer.ts'
import { describeEvents } from './events.ts'
import { beginDescription } from './named.ts'

export const configMapDescriber = defineDescriber(configMap, async (object, around) => {
  const text = beginDescription(object)
  text.raw('\nData\n====\n')
  for (const key of Object.keys(object.data ?? {}).sort()) text.raw(`${key}:\n----\n${object.data![key]}\n\n`)
  text.raw('\nBinaryData\n====\n')
  for (const key of Object.keys(object.binaryData ?? {}).sort())
    text.raw(`${key}: ${byteCount(object.binaryData![key]!)} bytes\n`)
  text.raw('\n')
  await describeEvents(text, object, around)
  return text.toString()
})

/** How many bytes base64 text stands for. */
export function byteCount(base64: string): number {
  return Math.floor((base64.replace(/=+$/, '').length * 3) / 4)
}
