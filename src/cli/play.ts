import { Lab } from '../simulator/lab.ts'
import type { LabDefinition } from '../simulator/labDefinition.ts'
import { readLabSettings } from '../simulator/labDefinition.ts'
import type { Step, Transcript } from './transcript.ts'

/** Longest that one command of a transcript may take, in simulated milliseconds. */
const patience = 10 * 60_000

/**
 * Where the recordings show chance, like the node that a pod lands on or the kubelet's next try, it falls in them as it
 * does with this seed.
 */
export const recordedSeed = 79

/** The lab that a transcript asks for: the reference cluster with its `% lab` settings and these files. */
export function labOfTranscript(transcript: Transcript, files: Readonly<Record<string, string>>): LabDefinition {
  return { cluster: readLabSettings(transcript.lab), files }
}

/** Runs a transcript's commands in a lab and gives the transcript of what the lab answered. */
export async function play(transcript: Transcript, lab: Lab): Promise<Transcript> {
  const steps: Step[] = []
  for (const step of transcript.steps) steps.push(await playStep(step, lab))
  return { ...transcript, steps }
}

/** Runs one step of a transcript in a lab and gives it with what the lab answered. */
export async function playStep(step: Step, lab: Lab): Promise<Step> {
  if ('wait' in step) {
    await (step.wait === 'settle' ? lab.settle() : lab.advance(duration(step.wait)))
    return step
  }
  if ('answer' in step) {
    lab.answer(step.answer, step.value)
    return step
  }
  const { stdout, stderr, status } = await lab.run(step.run, patience)
  return { ...step, stdout: linesOf(stdout), stderr: wholeLinesOf(stderr), exit: status }
}

/** Boots a lab and plays a transcript in it. */
export async function playFresh(
  transcript: Transcript,
  definition: LabDefinition,
  seed: number,
): Promise<{ lab: Lab; played: Transcript }> {
  const lab = await Lab.boot(definition, seed)
  return { lab, played: await play(transcript, lab) }
}

/** `5s`, `1.5s`, `200ms`, `2m` in milliseconds. */
function duration(text: string): number {
  const [, count, unit] = /^([\d.]+)(ms|s|m)$/.exec(text) ?? []
  if (!count) throw new Error(`not a duration: ${text}`)
  return Number(count) * { ms: 1, s: 1000, m: 60_000 }[unit as 'ms' | 's' | 'm']
}

/** Every line, empty ones at the end too: they are marked in a transcript. */
export function wholeLinesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** The lines of an output, without empty ones at its end. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n')
  while (lines.at(-1) === '') lines.pop()
  return lines
}
