import type { Verdict } from '#simulator/grading/check.ts'
import type { LabDefinition } from '#simulator/labDefinition.ts'
import type { PacketPath } from '#simulator/packetPath.ts'
import type { Topology } from '#simulator/topology.ts'

/** What the page asks of the worker that holds the lab. */
export type ToLab =
  | {
      readonly type: 'open'
      readonly lesson: string
      readonly columns: number
      readonly rows: number
      /** What the learner reads: `kubehop` speaks it. */
      readonly language?: 'ko' | 'en'
    }
  /** The first output stands on the screen. */
  | { readonly type: 'shown' }
  /** The page is being left. */
  | { readonly type: 'leave' }
  | { readonly type: 'input'; readonly text: string }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'answer'; readonly question: string; readonly value: string }
  | { readonly type: 'save'; readonly path: string; readonly text: string }
  | { readonly type: 'speed'; readonly factor: number }
  | { readonly type: 'quiet' }
  | { readonly type: 'undo' }
  | { readonly type: 'reset' }
  | { readonly type: 'hash' }

/** What the worker tells the page. Each message replaces what the last one of its type said. */
export type FromLab =
  | { readonly type: 'phase'; readonly phase: Phase }
  /** For the screen; `fresh` begins a new one. */
  | { readonly type: 'output'; readonly text: string; readonly fresh?: true }
  | { readonly type: 'topology'; readonly topology: Topology }
  | { readonly type: 'path'; readonly path: PacketPath | null }
  | { readonly type: 'checks'; readonly verdicts: readonly Verdict[]; readonly isChecking: boolean }
  | { readonly type: 'answers'; readonly answers: Readonly<Record<string, string>> }
  /** What the seed chose for this learner, by name. */
  | { readonly type: 'parameters'; readonly values: Readonly<Record<string, string>> }
  | { readonly type: 'files'; readonly files: readonly LabFile[] }
  | {
      readonly type: 'time'
      readonly now: number
      readonly factor: number
      readonly canUndo: boolean
      /** Whether time runs ahead until the cluster rests. */
      readonly waitsForQuiet: boolean
    }
  | { readonly type: 'storage'; readonly works: boolean }
  | { readonly type: 'hash'; readonly hash: string }
  | { readonly type: 'bug'; readonly report: string }

export type Phase = 'loading' | 'replaying' | 'ready'

export interface LabFile {
  /** Relative to the working directory. */
  readonly path: string
  readonly text: string
}

/** What a lesson's worker fetches: `/labs/CHAPTER/LESSON.json`. */
export interface LessonPack {
  /** Where its checks are; undefined when it has none. */
  readonly folder: string | undefined
  readonly definition: LabDefinition
  /** Whether the learner sets up the cluster: what storage keeps as settings goes before the definition's. */
  readonly takesSettings?: boolean
}
