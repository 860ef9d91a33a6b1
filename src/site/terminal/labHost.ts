import { type LabEvent, withoutLastCommand } from '#simulator/eventLog.ts'
import { type Check, runChecks, type Verdict } from '#simulator/grading/check.ts'
import { Lab, promptTime } from '#simulator/lab.ts'
import type { LabDefinition } from '#simulator/labDefinition.ts'
import type { FromLab, LessonPack, ToLab } from './protocol.ts'
import { readLab, readSettings, removeLab, writeLab, writeProgress } from './storage.ts'

/** Milliseconds of real time: a slice of work, the pauses between slices and between writes, how long things must rest. */
const slice = 8
const framePause = 16
const checkRest = 350
const storePause = 100
const longestPrompt = 1000
/** Simulated milliseconds that one frame may ask for at most: after a sleep of the machine the lab does not race. */
const longestFrame = 250

/** Runs a lesson's lab on real time, tells the page what changes, checks what is done, and keeps the learner's work. */
export class LabHost {
  #post: (message: FromLab) => void
  #loadChecks: (folder: string) => Promise<readonly Check[]>
  #lesson = ''
  #language: 'ko' | 'en' = 'en'
  #pack: LessonPack | undefined
  #definition: LabDefinition | undefined
  #checks: readonly Check[] = []
  #lab: Lab | undefined
  #seed = 1
  #size = { columns: 80, rows: 24 }
  #factor = 1
  #waitsForQuiet = false
  /** Messages that came while the lab was not there. */
  #held: ToLab[] = []
  #isBusy = true
  #checked = ''
  #changedAt = 0
  #stored = ''
  #storedAt = 0
  #tellShown = () => {}
  readonly #screen = new Promise<void>(resolve => {
    this.#tellShown = resolve
  })
  #shown = { topology: -1, path: -1, files: '', answers: '' }

  constructor(post: (message: FromLab) => void, loadChecks: (folder: string) => Promise<readonly Check[]>) {
    this.#post = message => post(message)
    this.#loadChecks = loadChecks
  }

  receive(message: ToLab): void {
    if (message.type === 'shown') this.#tellShown()
    else if (message.type === 'leave') this.#store(true)
    else if (message.type === 'open') void this.#guard(() => this.#open(message))
    else if (this.#isBusy) this.#held.push(message)
    else this.#act(message)
  }

  async #open({ lesson, columns, rows, language = 'en' }: Extract<ToLab, { type: 'open' }>): Promise<void> {
    this.#post({ type: 'phase', phase: 'loading' })
    this.#lesson = lesson
    this.#size = { columns, rows }
    const [pack, stored] = await Promise.all([
      fetch(`/labs/${lesson}.json`).then(response => response.json() as Promise<LessonPack>),
      readLab(lesson),
    ])
    this.#pack = pack
    this.#language = language
    this.#definition = await this.#define()
    this.#seed = stored?.seed ?? freshSeed()
    await this.#begin(stored?.log ?? [], stored?.now ?? 0)
    if (pack.folder !== undefined) this.#checks = await this.#loadChecks(pack.folder)
    this.#frame(performance.now())
    void this.#checkInTurn()
  }

  /** The lab as its author wants it, or as the learner has set it up. */
  async #define(): Promise<LabDefinition> {
    const { definition, takesSettings } = this.#pack!
    const settings = takesSettings ? await readSettings(this.#lesson) : undefined
    if (settings === undefined) return { ...definition, language: this.#language }
    const { readLabDefinition } = await import('#simulator/labDefinition.ts')
    return { ...readLabDefinition(settings, definition.files), language: this.#language }
  }

  /** Makes the lab that a log describes; the screen shows what its replay prints. */
  async #begin(log: readonly LabEvent[], now: number): Promise<void> {
    this.#isBusy = true
    this.#post({ type: 'phase', phase: log.length > 0 ? 'replaying' : 'loading' })
    const lab = log.length === 0 ? await this.#first() : await this.#again(log, now)
    this.#lab = lab
    this.#shown = { topology: -1, path: -1, files: '', answers: '' }
    this.#checked = ''
    this.#post({ type: 'phase', phase: 'ready' })
    this.#show()
    this.#isBusy = false
    for (const message of this.#held.splice(0)) this.#act(message)
  }

  /** A new lab: the prompt first, the cluster behind it. */
  async #first(): Promise<Lab> {
    const lab = Lab.begin(this.#definition!, this.#seed)
    this.#post({ type: 'parameters', values: lab.parameters })
    this.#post({ type: 'output', text: '', fresh: true })
    this.#connect(lab)
    lab.openTerminal(this.#size.columns, this.#size.rows)
    await lab.advance(promptTime)
    await this.#promptShown()
    await lab.complete()
    return lab
  }

  /** The prompt goes before all that is loaded and booted behind it; a page without a screen is not waited for. */
  #promptShown(): Promise<void> {
    return Promise.race([this.#screen, new Promise<void>(resolve => setTimeout(resolve, longestPrompt))])
  }

  /** The lab of a log; the screen shows at the end what the replay printed. */
  async #again(log: readonly LabEvent[], until: number): Promise<Lab> {
    let screen = ''
    const onOutput = (text: string) => {
      screen += text
    }
    const lab = await Lab.replay(this.#definition!, this.#seed, log, { until, onOutput, yieldAfter: pacer() })
    this.#post({ type: 'parameters', values: lab.parameters })
    this.#post({ type: 'output', text: screen, fresh: true })
    this.#connect(lab)
    lab.resizeTerminal(this.#size.columns, this.#size.rows)
    return lab
  }

  #connect(lab: Lab): void {
    lab.onOutput(text => this.#post({ type: 'output', text }))
    lab.onBug(error => this.#report(error))
  }

  #act(message: ToLab): void {
    const lab = this.#lab
    if (!lab) return
    this.#changedAt = performance.now()
    switch (message.type) {
      case 'input':
        lab.input(message.text)
        return
      case 'resize':
        this.#size = { columns: message.columns, rows: message.rows }
        lab.resizeTerminal(message.columns, message.rows)
        return
      case 'answer':
        lab.answer(message.question, message.value)
        return
      case 'save':
        lab.saveFile(message.path, message.text)
        return
      case 'speed':
        this.#factor = message.factor
        return
      case 'quiet':
        this.#waitsForQuiet = true
        return
      case 'undo': {
        const log = withoutLastCommand(lab.log)
        if (log) void this.#guard(() => this.#begin(log, 0))
        return
      }
      case 'reset':
        this.#seed = freshSeed()
        void this.#guard(async () => {
          await removeLab(this.#lesson)
          this.#definition = await this.#define()
          await this.#begin([], 0)
        })
        return
      case 'hash':
        this.#post({ type: 'hash', hash: lab.stateHash() })
        return
      default:
        return
    }
  }

  /** One frame of real time: the lab moves on by as much, in a slice short enough to stay at hand. */
  #frame(last: number): void {
    const start = performance.now()
    void this.#guard(async () => {
      const lab = this.#lab
      if (lab && !this.#isBusy) {
        const stop = start + slice
        // Messages that come while coroutines run wait for the end of the slice, as they do in a replay.
        this.#isBusy = true
        if (this.#waitsForQuiet) {
          if (await lab.advanceUntilQuiet(() => performance.now() > stop)) this.#waitsForQuiet = false
        } else {
          const duration = Math.min(longestFrame, start - last) * this.#factor
          if (duration >= 1 || !lab.isIdle) await lab.advance(Math.floor(duration), () => performance.now() > stop)
        }
        this.#isBusy = false
        for (const message of this.#held.splice(0)) this.#act(message)
        this.#show()
        this.#store()
      }
      setTimeout(() => this.#frame(start), framePause)
    })
  }

  /** Tells the page what changed since it was last told. */
  #show(): void {
    const lab = this.#lab!
    const { topology, path, files, answers } = this.#shown
    const version = lab.version
    if (version !== topology) this.#post({ type: 'topology', topology: lab.topology() })
    const last = lab.lastRequest()
    const lastVersion = last?.version ?? 0
    if (lastVersion !== path) this.#post({ type: 'path', path: last?.path() ?? null })
    const directory = lab.files()
    const filesKey = directory.map(file => `${file.path}\0${file.text}`).join('\0')
    if (filesKey !== files) this.#post({ type: 'files', files: directory })
    const answersKey = JSON.stringify(lab.answers)
    if (answersKey !== answers) this.#post({ type: 'answers', answers: lab.answers })
    this.#shown = { topology: version, path: lastVersion, files: filesKey, answers: answersKey }
    this.#post({
      type: 'time',
      now: lab.now,
      factor: this.#factor,
      canUndo: withoutLastCommand(lab.log) !== undefined,
      waitsForQuiet: this.#waitsForQuiet,
    })
  }

  /** Checks whenever something changed and then rested: probes run in a copy, so the learner's lab stays clean. */
  async #checkInTurn(): Promise<void> {
    const lab = this.#lab
    const key = lab ? `${lab.log.length} ${lab.version} ${lab.lastRequest()?.version}` : ''
    const rests = performance.now() - this.#changedAt > checkRest
    if (lab && this.#checks.length > 0 && !this.#isBusy && key !== this.#checked && rests && lab.isAtRest) {
      this.#checked = key
      await this.#guard(() => this.#check(lab))
    }
    setTimeout(() => void this.#checkInTurn(), 100)
  }

  async #check(lab: Lab): Promise<void> {
    const copy = await Lab.replay(this.#definition!, this.#seed, lab.log, { until: lab.now, yieldAfter: pacer() })
    const verdicts = await runChecks(this.#checks, copy.world({ yieldAfter: pacer() }))
    if (lab !== this.#lab) return
    this.#post({ type: 'checks', verdicts, isChecking: false })
    const sum = (points: readonly number[]) => points.reduce((total, one) => total + one, 0)
    await writeProgress({
      lesson: this.#lesson,
      reached: sum(verdicts.map((verdict: Verdict) => verdict.points)),
      all: sum(this.#checks.map(check => check.points)),
    })
  }

  /** Keeps the learner's work as soon as there is more of it: a page may be left at any moment. */
  #store(isLast = false): void {
    const lab = this.#lab
    if (!lab) return
    const key = `${this.#seed} ${lab.log.length} ${Math.floor(lab.now / 5000)}`
    if (key === this.#stored || (!isLast && performance.now() - this.#storedAt < storePause)) return
    this.#stored = key
    this.#storedAt = performance.now()
    void writeLab({ lesson: this.#lesson, seed: this.#seed, log: lab.log, now: lab.now }).then(works =>
      this.#post({ type: 'storage', works }),
    )
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#report(error)
    }
  }

  #report(error: unknown): void {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const log = this.#lab ? JSON.stringify({ seed: this.#seed, log: this.#lab.log }) : ''
    this.#post({ type: 'bug', report: `${this.#lesson}\n${what}\n${log}` })
  }
}

/** Gives the page's messages a turn after every slice of work. */
function pacer(): () => Promise<void> | undefined {
  let start = performance.now()
  return () => {
    if (performance.now() - start < slice) return undefined
    return new Promise(resolve =>
      setTimeout(() => {
        start = performance.now()
        resolve()
      }, 0),
    )
  }
}

/** A seed that the learner's log begins with: chance comes in only here. */
function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1
}
