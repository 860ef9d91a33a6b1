import type { APIRoute, GetStaticPaths } from 'astro'
import { readLabDefinition } from '#simulator/labDefinition.ts'
import { course } from '../../../course.ts'
import type { LessonPack } from '../../../terminal/protocol.ts'

const labs = import.meta.glob<string>('/content/*/*/lab.yaml', { query: '?raw', import: 'default', eager: true })
const files = import.meta.glob<string>('/content/*/*/{files,start}/**', {
  query: '?raw',
  import: 'default',
  eager: true,
})

export const getStaticPaths: GetStaticPaths = async () => {
  const chapters = await course('ko')
  return chapters
    .flatMap(chapter => chapter.lessons)
    .map(({ id, folder }) => {
      const [chapter, lesson] = id.split('/')
      return { params: { chapter, lesson }, props: { folder } }
    })
}

/** What the worker of a lesson needs to build its lab. */
export const GET: APIRoute<{ folder: string }> = ({ props: { folder } }) => {
  const place = `/content/${folder}/lab.yaml`
  const definition = readLabDefinition(labs[place] ?? '', textsIn(folder, 'files'), place, textsIn(folder, 'start'))
  const pack: LessonPack = { folder, definition }
  return new Response(JSON.stringify(pack), { headers: { 'content-type': 'application/json' } })
}

/** The files below a folder of a lesson, by their paths in it. */
function textsIn(lesson: string, folder: string): Record<string, string> {
  const root = `/content/${lesson}/${folder}/`
  const own = Object.entries(files).filter(([path]) => path.startsWith(root))
  return Object.fromEntries(own.map(([path, text]) => [path.slice(root.length), text]))
}
