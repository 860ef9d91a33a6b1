import { expect, test } from 'vitest'
import { createRecorder } from '../../src/simulator/cluster/eventRecorder.ts'
import { configMap } from '../../src/simulator/cluster/kinds/configMap.ts'
import { event } from '../../src/simulator/cluster/kinds/event.ts'
import { epoch, startPlane } from './controllers/controlPlane.ts'

function start() {
  const plane = startPlane()
  const { client, clock } = plane
  const record = createRecorder({ client, clock, epoch, component: 'tester' })
  const about = client.create(configMap, { metadata: { name: 'thing', namespace: 'default' } })
  return { ...plane, about, record }
}

test('an event says who reports what about whom', () => {
  const { client, record, about } = start()
  record(about, 'Normal', 'Tested', 'All well')
  const [found] = client
    .list(event, { namespace: 'default' })
    .filter(({ involvedObject }) => involvedObject.name === 'thing')
  expect(found).toMatchObject({
    type: 'Normal',
    reason: 'Tested',
    message: 'All well',
    count: 1,
    source: { component: 'tester' },
    reportingComponent: 'tester',
    firstTimestamp: '2026-03-02T09:00:00Z',
    involvedObject: { kind: 'ConfigMap', namespace: 'default', name: 'thing', uid: about.metadata.uid },
  })
  expect(found!.metadata.name).toMatch(/^thing\.[0-9a-f]{16}$/)
})

test('the same again only counts up', () => {
  const { record, about, eventsOf, pass } = start()
  for (let i = 0; i < 3; i++) {
    record(about, 'Warning', 'Failed', 'Once more')
    pass(1000)
  }
  expect(eventsOf('thing')).toEqual(['Failed: Once more (x3)'])
})

test('from the tenth on, similar events are combined', () => {
  const { record, about, eventsOf } = start()
  for (let i = 1; i <= 12; i++) record(about, 'Warning', 'Failed', `Try ${i}`)
  expect(eventsOf('thing')).toHaveLength(10)
  expect(eventsOf('thing').at(-1)).toBe('Failed: (combined from similar events): Try 12 (x3)')
})

test('who is talked about too much is not heard of for a while', () => {
  const { record, about, eventsOf, pass } = start()
  for (let i = 0; i < 40; i++) record(about, 'Warning', 'Failed', 'Again')
  expect(eventsOf('thing')).toEqual(['Failed: Again (x25)'])
  pass(301_000)
  record(about, 'Warning', 'Failed', 'Again')
  expect(eventsOf('thing')).toEqual(['Failed: Again (x26)'])
})

test('two who report about the same thing at the same moment do not overwrite each other', () => {
  const { client, clock, record, about, eventsOf } = start()
  const other = createRecorder({ client, clock, epoch, component: 'other' })
  record(about, 'Normal', 'Tested', 'All well')
  other(about, 'Normal', 'Seen', 'Me too')
  other(about, 'Normal', 'Seen', 'Me too')
  expect(eventsOf('thing')).toEqual(['Tested: All well', 'Seen: Me too (x2)'])
})
