import { again } from './again.ts'
import { hints } from './hints.ts'
import { korean } from './korean.ts'
import { languages } from './languages.ts'
import { links } from './links.ts'
import { markup } from './markup.ts'
import { mutants } from './mutants.ts'
import { prose } from './prose.ts'
import type { Rule } from './rule.ts'
import { sessions } from './sessions.ts'
import { shape } from './shape.ts'

/** What every lesson is held to, the quick ones first. */
export const rules: readonly Rule[] = [markup, languages, links, shape, again, prose, korean, hints, sessions, mutants]
