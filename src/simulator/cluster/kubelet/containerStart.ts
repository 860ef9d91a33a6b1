import { type Container, StartError } from './container.ts'
import { createContainer } from './containerCreation.ts'
import { killContainer } from './containerKill.ts'
import { ConfigurationError } from './environment.ts'
import { runHook } from './hooks.ts'
import type { WaitingReason } from './imagePuller.ts'
import { type PodState, specificationOf, type Wanted } from './podState.ts'
import type { Sandbox } from './sandbox.ts'
import type { Steps } from './steps.ts'
import type { PodVolumes } from './volumes/podVolumes.ts'

// How long the runtime takes to make a container and to start it: milliseconds, up to twice as long.
const creationTime = 40
const startTime = 60

/** What containers of one round are started with. */
export interface Surroundings {
  readonly sandbox: Sandbox
  readonly volumes: PodVolumes
  /** The newest container of each name that had ended before this round began. */
  readonly ended: ReadonlyMap<string, Container>
}

/** Starts one container, unless it has to wait after a crash; gives why it could not be started. */
export function* startContainer(state: PodState, spec: Wanted, around: Surroundings): Steps<WaitingReason | undefined> {
  const failure = crashBackOff(state, spec, around.ended.get(spec.name)) ?? (yield* tryToStart(state, spec, around))
  if (!failure) {
    state.waiting.delete(spec.name)
    return undefined
  }
  state.waiting.set(spec.name, failure)
  if (failure.reason !== 'CrashLoopBackOff') {
    const isPull = /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)$/.test(failure.reason)
    state.work.record(state.about(spec), 'Warning', 'Failed', `Error: ${isPull ? failure.reason : failure.message}`)
  }
  return failure
}

function* tryToStart(
  state: PodState,
  spec: Wanted,
  { sandbox, volumes }: Surroundings,
): Steps<WaitingReason | undefined> {
  const { record, puller, random } = state.work
  const about = state.about(spec)
  const image = yield* puller.ensure(spec, about)
  if ('reason' in image) return image
  yield creationTime + random.below(creationTime)
  const previous = state.newest(spec.name)
  let container: Container
  try {
    container = createContainer(state.work, {
      pod: state.pod,
      spec,
      image,
      sandbox,
      volumes,
      place: state.place,
      attempt: (previous?.settings.attempt ?? -1) + 1,
      previous,
      specification: specificationOf(spec),
    })
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return { reason: 'CreateContainerConfigError', message: error.message }
  }
  record(about, 'Normal', 'Created', 'Container created')
  yield startTime + random.below(startTime)
  try {
    container.start()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return { reason: 'RunContainerError', message: error.message }
  }
  record(about, 'Normal', 'Started', 'Container started')
  return yield* runPostStart(state, spec, container)
}

/** A container whose postStart hook fails is ended again. */
function* runPostStart(state: PodState, spec: Wanted, container: Container): Steps<WaitingReason | undefined> {
  const hook = spec.lifecycle?.postStart
  if (!hook) return undefined
  const failed = yield* runHook(state.work.process, hook, state.target(container, spec), 'PostStartHook')
  if (failed === undefined || !container.isRunning) return undefined
  state.work.record(state.about(spec), 'Warning', 'FailedPostStartHook', 'PostStartHook failed')
  yield* killContainer(state, container, 'FailedPostStartHook', state.grace)
  return { reason: 'PostStartHookError', message: failed }
}

/** Whether a container has to wait still, counted from the end of the one before it. */
function crashBackOff(state: PodState, spec: Wanted, ended: Container | undefined): WaitingReason | undefined {
  if (!ended) return undefined
  const { crashes, record } = state.work
  const key = `${state.uid}/${specificationOf(spec)}`
  const remaining = crashes.remainingSince(key, ended.finishedAt)
  if (remaining === 0) {
    crashes.next(key, ended.finishedAt)
    return undefined
  }
  const { name, namespace } = state.pod.metadata
  const whole = `${name}_${namespace}(${state.uid})`
  record(state.about(spec), 'Warning', 'BackOff', `Back-off restarting failed container ${spec.name} in pod ${whole}`)
  const delay = goDuration(crashes.delayOf(key))
  const message = `back-off ${delay} restarting failed container=${spec.name} pod=${whole}`
  return { reason: 'CrashLoopBackOff', message, remaining }
}

/** `10s`, `1m20s`, `5m0s`. */
function goDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}
