import { secret } from '../../cluster/kinds/secret.ts'
import { byteCount } from './configMap.ts'
import { defineDescriber } from './describer.ts'
import { beginDescription } from './named.ts'

export const secretDescriber = defineDescriber(secret, async object => {
  const text = beginDescription(object)
  text.line(0, `\nType:\t${object.type}`)
  text.raw('\nData\n====\n')
  const isToken = object.type === 'kubernetes.io/service-account-token'
  for (const key of Object.keys(object.data ?? {}).sort()) {
    const value = object.data![key]!
    text.line(0, isToken && key === 'token' ? `${key}:\t${atob(value)}` : `${key}:\t${byteCount(value)} bytes`)
  }
  return text.toString()
})
