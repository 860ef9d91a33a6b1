/** Something that came into a lab from outside, with its simulated time. The log of these is the whole lab. */
export type LabEvent =
  | {
      readonly at: number
      readonly type: 'open'
      readonly terminal: number
      readonly columns: number
      readonly rows: number
    }
  | { readonly at: number; readonly type: 'input'; readonly terminal: number; readonly text: string }
  | {
      readonly at: number
      readonly type: 'resize'
      readonly terminal: number
      readonly columns: number
      readonly rows: number
    }
  | { readonly at: number; readonly type: 'run'; readonly command: string }
  | { readonly at: number; readonly type: 'file'; readonly path: string; readonly text: string }
  | { readonly at: number; readonly type: 'answer'; readonly question: string; readonly value: string }

/** What does not change a state that can be undone: windows open and change their size. */
function isFrame(event: LabEvent): boolean {
  return event.type === 'open' || event.type === 'resize'
}

/**
 * The log without its last command: what was typed since the Enter before it. A saved file, an answer and a played
 * command count as one each. Undefined when there is nothing to undo.
 */
export function withoutLastCommand(log: readonly LabEvent[]): LabEvent[] | undefined {
  const last = log.findLastIndex(event => isCommandEnd(event))
  if (last < 0) return undefined
  if (log[last]!.type !== 'input') return log.filter((event, index) => index < last || isFrame(event))
  const before = log.findLastIndex((event, index) => index < last && isCommandEnd(event))
  return log.filter((event, index) => index <= before || isFrame(event))
}

/** Ends a command: Enter, or anything that acts at once. */
function isCommandEnd(event: LabEvent): boolean {
  return event.type === 'input' ? /[\r\n]/.test(event.text) : !isFrame(event)
}
