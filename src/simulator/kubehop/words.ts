import type { PacketPlace, PathVerdict } from '../packetPath.ts'
import type { Cause, CauseOf } from './cause.ts'
import type { Happening } from './happening.ts'

/** The languages that `kubehop` speaks. */
export type Language = 'ko' | 'en'

/** Why a command line cannot be followed. */
export type Mistake =
  | { readonly kind: 'noCommand' }
  | { readonly kind: 'unknownCommand'; readonly word: string }
  | { readonly kind: 'fromMissing' }
  | { readonly kind: 'toMissing' }
  | { readonly kind: 'tooMany'; readonly word: string }
  | { readonly kind: 'serviceSendsNothing'; readonly word: string }
  | { readonly kind: 'notFound'; readonly what: string; readonly name: string; readonly namespace: string | undefined }
  | { readonly kind: 'unknownKind'; readonly word: string }
  | { readonly kind: 'badPort'; readonly word: string }
  | { readonly kind: 'portNameUnknown'; readonly word: string; readonly target: string }
  | { readonly kind: 'noAddress'; readonly target: string; readonly status: string }
  | { readonly kind: 'noPods'; readonly target: string }
  | { readonly kind: 'headless'; readonly target: string }
  | { readonly kind: 'noNetwork'; readonly target: string }
  | { readonly kind: 'onlyAName'; readonly target: string; readonly name: string }
  | { readonly kind: 'nobodyLooksUp'; readonly target: string; readonly name: string }
  | { readonly kind: 'onlyOneProtocol' }
  | { readonly kind: 'badOutput'; readonly word: string }
  | { readonly kind: 'badLanguage'; readonly word: string }
  | { readonly kind: 'badTime'; readonly word: string }
  | { readonly kind: 'pingHasNoPort' }

type Said<Facts extends { readonly kind: string }> = {
  readonly [Kind in Facts['kind']]: (facts: Extract<Facts, { readonly kind: Kind }>) => string
}

/** Every word that `kubehop` says, in one language. */
export interface Words {
  readonly help: string
  readonly tryHelp: string
  readonly there: string
  readonly back: string
  readonly why: string
  readonly look: string
  readonly verdict: Readonly<Record<PathVerdict, string>>
  readonly place: Readonly<Record<PacketPlace['kind'], (name: string) => string>>
  readonly nameFound: (name: string, address: string, asked: string) => string
  readonly noPacket: string
  readonly happening: Said<Happening>
  readonly cause: { readonly [Kind in Cause['kind']]: (facts: CauseOf<Kind>) => string }
  readonly mistake: Said<Mistake>
}
