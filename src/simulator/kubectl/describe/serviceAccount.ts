import { serviceAccount } from '../../cluster/kinds/serviceAccount.ts'
import { defineDescriber } from './describer.ts'
import { describeEvents } from './events.ts'
import { beginDescription } from './named.ts'

export const serviceAccountDescriber = defineDescriber(serviceAccount, async (object, around) => {
  const text = beginDescription(object)
  const names = (object.imagePullSecrets ?? []).map(({ name }) => name ?? '')
  text.line(0, `Image pull secrets:\t${names[0] ?? '<none>'}`)
  for (const name of names.slice(1)) text.line(0, `\t${name}`)
  await describeEvents(text, object, around)
  return text.toString()
})
