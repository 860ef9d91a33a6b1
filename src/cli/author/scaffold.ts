import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Lays a new lesson's folder: a small lesson that is complete, for the author to change. */
export function layLesson(name: string): string[] {
  if (!/^\d\d-[a-z][a-z0-9-]*\/\d\d-[a-z][a-z0-9-]*$/.test(name))
    throw new Error(`a lesson is called like 03-service/02-labels, not ${name}`)
  const folder = join('content', name)
  if (existsSync(folder)) throw new Error(`${folder} is there already`)
  const files = filesOf(name)
  for (const [path, text] of Object.entries(files)) {
    const place = join(folder, path)
    mkdirSync(join(place, '..'), { recursive: true })
    writeFileSync(place, text)
  }
  const chapter = join('content', name.split('/')[0]!, 'chapter.yaml')
  if (!existsSync(chapter))
    writeFileSync(chapter, 'title:\n  ko: 제목\n  en: Title\npromise:\n  ko: 약속이에요.\n  en: A promise.\n')
  return Object.keys(files).map(path => join(folder, path))
}

function filesOf(name: string): Record<string, string> {
  const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
  - name: web
    image: nginx:1.27
`
  const text = (words: Record<string, string>) => `---
title: ${words['title']}
goal: ${words['goal']}
minutes: 8
---

${words['opening']}

<Step id="start" title="1. ${words['step']}">

<Command line="kubectl apply -f web.yaml" />
<Command line="kubectl get pods" />

</Step>

<Debrief>

- ${words['debrief']}

</Debrief>
`
  return {
    'ko.mdx': text({
      title: '새 수업',
      goal: '이 수업을 마치면 할 수 있는 일을 한 문장으로 써요.',
      opening: '첫 문장이에요.',
      step: '파드를 띄워요',
      debrief: '배운 것을 세 문장으로 써요.',
    }),
    'en.mdx': text({
      title: 'A new lesson',
      goal: 'Say in one sentence what a learner can do afterwards.',
      opening: 'The first sentence.',
      step: 'Start a pod',
      debrief: 'Say in three sentences what was learned.',
    }),
    'lab.yaml': '# The reference cluster, as it is.\ncni:\n  plugin: flannel\n  backend: vxlan\nproxy: iptables\n',
    'files/web.yaml': pod,
    'checks.ts': `import { pod } from '#simulator/cluster/kinds/pod.ts'
import { defineChecks, fail, pass } from '#simulator/grading/check.ts'

export default defineChecks([
  {
    id: 'pod-runs',
    points: 1,
    title: { ko: '파드 web이 준비됐어요', en: 'The pod web is ready' },
    hints: [{ ko: '작업 폴더에 어떤 파일이 있는지 봐요.', en: 'Look at the files in the working directory.' }],
    probe({ client }) {
      const found = client.get(pod, 'web', 'default')
      if (!found) return fail({ ko: '파드 web이 아직 없어요.', en: 'There is no pod web yet.' })
      const isReady = found.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
      return isReady ? pass() : fail({ ko: '아직 준비되지 않았어요.', en: 'It is not ready yet.' }, found.status.phase)
    },
  },
])
`,
    'solutions/by-file.txt': '# The way of the text.\n$ kubectl apply -f web.yaml\n@ settle\n',
    'solutions/by-command.txt': '# Without the file.\n$ kubectl run web --image=nginx:1.27\n@ settle\n',
    'mistakes/wrong-name.txt': '# fails pod-runs\n$ kubectl run wbe --image=nginx:1.27\n@ settle\n',
    'README.md': `# ${name}\n\nWhat this lesson is for, and which claims of the source notes it lets a learner try. Delete this file or keep it.\n`,
  }
}
