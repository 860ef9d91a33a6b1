import type { PacketPath, PacketStop } from '../packetPath.ts'
import { type Happening, happeningOf } from './happening.ts'
import type { Words } from './words.ts'

const indent = '      '

/** A path, a numbered sentence a stop, below it the line that decided and the packet when it has changed. */
export function pathText(path: PacketPath, words: Words): string {
  const lines: string[] = []
  let way: PacketStop['way'] | undefined
  for (const [index, stops] of sentencesOf(path.stops).entries()) {
    const stop = stops[0]!
    if (stop.way !== way) lines.push('', words[stop.way])
    way = stop.way
    lines.push(`${String(index + 1).padStart(3)}. ${placeText(stop, words)}: ${sentence(happeningOf(stop), words)}`)
    for (const line of stops.flatMap(evidenceOf)) lines.push(`${indent}${line}`)
  }
  return `${lines.join('\n')}\n`
}

/** What is said in one sentence each: marks that follow each other are one. */
function sentencesOf(stops: readonly PacketStop[]): PacketStop[][] {
  const sentences: PacketStop[][] = []
  for (const stop of stops) {
    const last = sentences.at(-1)
    const isSame = last && isMark(last[0]!) && isMark(stop) && last[0]!.interface === stop.interface
    if (isSame && last[0]!.place.name === stop.place.name) last.push(stop)
    else sentences.push([stop])
  }
  return sentences
}

function isMark({ kind, decision }: PacketStop): boolean {
  return kind === 'rule' && decision.endsWith('MARK')
}

/** `pod default/web-1, eth0`. */
function placeText({ place, interface: device }: PacketStop, words: Words): string {
  const name = words.place[place.kind](place.name)
  return device && device !== 'lo' ? `${name}, ${device}` : name
}

/** The rules and lines that decided; the packet where it is new or has changed. */
function evidenceOf(stop: PacketStop): string[] {
  const { kind, by, rules, before, after } = stop
  if (isMark(stop)) return rules.slice(-1)
  const lines = by === '' || rules.includes(by) ? [...rules] : [...rules, by]
  if (kind === 'send' || kind === 'drop' || kind === 'reject') lines.push(before)
  if (kind === 'rewrite') lines.push(after)
  return lines.map(line => line.trimEnd())
}

/** What happened, in words. */
export function sentence(happening: Happening, words: Words): string {
  const say = words.happening[happening.kind] as (facts: Happening) => string
  return say(happening)
}
