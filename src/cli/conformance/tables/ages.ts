import { formatAge } from '../../../simulator/cluster/api/age.ts'
import { type Area, compare } from '../area.ts'

const file = 'kubectl/tables/age-human-duration.json'

/** Spans of time as the AGE column shows them. */
export const ages: Area = {
  name: 'tables/ages',
  needs: [file],
  *cases(corpora) {
    for (const { duration, seconds, human } of corpora.json<{ duration: string; seconds: number; human: string }[]>(
      file,
    ))
      yield { name: duration, run: () => compare(human, formatAge(seconds * 1000)) }
  },
}
