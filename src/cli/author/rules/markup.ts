import { readFileSync } from 'node:fs'
import { type Problem, placeOf } from '../problem.ts'
import type { Rule } from './rule.ts'

/** MDX attributes take no escaped quotes: the page would not build. */
export const markup: Rule = {
  name: 'markup',
  summary: 'Attributes hold no escaped quotes, and every component is closed.',
  inspect({ texts }) {
    return Object.values(texts).flatMap(({ file }) => {
      const problems: Problem[] = []
      const open: { readonly name: string; readonly line: number }[] = []
      for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
        const place = placeOf(file, index + 1)
        if (/="[^"]*\\"/.test(line)) problems.push({ place, text: 'an attribute with an escaped quote' })
        for (const [, slash, name = ''] of line.matchAll(/<(\/?)(Step|Debrief|OtherWays|InProduction)\b/g)) {
          if (!slash) open.push({ name, line: index + 1 })
          else if (open.pop()?.name !== name) problems.push({ place, text: `</${name}> closes nothing` })
        }
      }
      for (const { name, line } of open) problems.push({ place: placeOf(file, line), text: `<${name}> is not closed` })
      return problems
    })
  },
}
