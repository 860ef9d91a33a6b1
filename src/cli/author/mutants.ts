import type { LabDefinition } from '../../simulator/labDefinition.ts'
import type { CommandStep, Transcript } from '../transcript.ts'
import type { StoredSession } from './lessonSource.ts'

/** A solution with one thing changed for the worse: a check has to notice. */
export interface Mutant {
  /** Where the change is: `solutions/by-file.txt:4`, `files/web.yaml:9 in solutions/by-file.txt`. */
  readonly place: string
  /** What was changed, as an author lists it when it is harmless: `drop kubectl apply -f web.yaml`. */
  readonly change: string
  readonly transcript: Transcript
  readonly files: Readonly<Record<string, string>>
}

/** Commands that only look, and leave no trace that a check could want. */
const looking =
  /^(?:kubectl (?:get|describe|logs|explain|events|top|api-resources|version|config view|rollout status|wait|auth can-i)\b|cat |ls\b|ssh \S+ (?:ip|iptables|iptables-save|bridge|ss|conntrack|cat|ls|nft)\b|echo |sleep |grep |head |tail |#)/

/** Every change of a solution that should cost points, in the order of its commands. */
export function mutantsOf({ name, transcript }: StoredSession, definition: LabDefinition): Mutant[] {
  const mutants: Mutant[] = []
  const { files } = definition
  for (const [index, step] of transcript.steps.entries()) {
    if (!('run' in step) || looking.test(step.run)) continue
    const place = `${name}:${step.line}`
    const without = transcript.steps.filter((_, other) => other !== index)
    mutants.push({ place, change: `drop ${step.run}`, transcript: { ...transcript, steps: without }, files })
    for (const run of commandChanges(step.run)) {
      const changed: CommandStep = { ...step, run: run.text }
      const steps = transcript.steps.map((each, other) => (other === index ? changed : each))
      mutants.push({ place, change: run.change, transcript: { ...transcript, steps }, files })
    }
  }
  const commands = transcript.steps.flatMap(step => ('run' in step ? [step.run] : [])).join('\n')
  for (const [path, text] of Object.entries(files)) {
    if (!commands.includes(path)) continue
    for (const { line, change, text: changed } of manifestChanges(text))
      mutants.push({
        place: `files/${path}:${line} in ${name}`,
        change,
        transcript,
        files: { ...files, [path]: changed },
      })
  }
  return mutants
}

interface Change {
  readonly change: string
  readonly text: string
}

/** What may be wrong in a command line: a label, a port, a namespace, a type, an image. */
const wrongWords: readonly (readonly [pattern: RegExp, wrong: (value: string) => string])[] = [
  [/(?<=--(?:port|target-port|tcp|node-port)[= ])(\d+)/g, next],
  [/(?<=--type[= ])(NodePort|LoadBalancer|ClusterIP)\b/g, value => (value === 'ClusterIP' ? 'NodePort' : 'ClusterIP')],
  [/(?<=--image[= ])(\S+)/g, value => `${value.replace(/:.*$/, '')}-absent`],
  [/(?<=\bkubectl\b[^|;]*(?:-n|--namespace)[= ])([a-z][\w-]*)/g, value => `${value}x`],
  [/(?<=(?:--selector|-l|--labels)[= ][\w./-]+=)([\w-]+)/g, value => `${value}x`],
  [/(?<=\blabel \S+ \S+ [\w./-]+=)([\w-]+)/g, value => `${value}x`],
]

function commandChanges(run: string): Change[] {
  const changes: Change[] = []
  for (const [pattern, wrong] of wrongWords)
    for (const match of run.matchAll(pattern)) {
      const value = match[0]
      const text = run.slice(0, match.index) + wrong(value) + run.slice(match.index + value.length)
      changes.push({ change: `${run} with ${wrong(value)} for ${value}`, text })
    }
  return changes
}

/** What may be wrong in a manifest, line by line; under `labels`, `selector` and `matchLabels` every key and value. */
function manifestChanges(manifest: string): (Change & { readonly line: number })[] {
  const lines = manifest.split('\n')
  const changes: (Change & { readonly line: number })[] = []
  let labelsIndent = -1
  for (const [index, line] of lines.entries()) {
    const [, indent = '', key = '', value = ''] = /^(\s*(?:- )?)([\w./-]+):\s*(.*?)\s*$/.exec(line) ?? []
    if (key === '') continue
    if (indent.length <= labelsIndent) labelsIndent = -1
    const wrong = labelsIndent >= 0 ? `${key}: ${value}x` : wrongField(key, value)
    if (wrong !== undefined)
      changes.push({
        line: index + 1,
        change: `${wrong} for ${key}: ${value}`,
        text: lines.with(index, `${indent}${wrong}`).join('\n'),
      })
    if (/^(?:labels|selector|matchLabels|podSelector|namespaceSelector)$/.test(key) && value === '')
      labelsIndent = indent.length
  }
  return changes
}

function wrongField(key: string, value: string): string | undefined {
  // A container's port is only told: nothing depends on its number.
  if (/^(?:port|targetPort|nodePort|number)$/.test(key))
    return `${key}: ${/^\d+$/.test(value) ? next(value) : `${value}x`}`
  if (key === 'namespace') return `${key}: ${value}x`
  if (key === 'image') return `${key}: ${value.replace(/:[^/]*$/, '')}-absent`
  if (key === 'type' && value === 'ClusterIP') return `${key}: NodePort`
  if (key === 'type' && /^(?:NodePort|LoadBalancer)$/.test(value)) return `${key}: ClusterIP`
  return undefined
}

function next(port: string): string {
  return String(Number(port) + 1)
}
