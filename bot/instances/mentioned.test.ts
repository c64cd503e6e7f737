import { describe, expect, it } from 'vitest'
import { inventoryOf, listed } from '../../test/helpers/inventory.ts'
import { directoryOf } from './directory.ts'
import { mentioned } from './mentioned.ts'

const WEB = listed('web-1', { addresses: ['203.0.113.7', '10.0.0.7'] })
const DB = listed('db', { addresses: ['10.0.0.70', '2001:db8::70'] })
const ODD = listed('Mail Server (old)')
const DOTTED = listed('web-1.stage')
const directory = directoryOf({ inventory: inventoryOf(WEB, DB, ODD, DOTTED), listedAt: new Date(0) })
const found = (text: string) => mentioned(directory, text).instances.map(({ name }) => name)

describe('a text speaks of an instance', () => {
  it.each([
    ['by its OCID', `resourceId = "${WEB.id}"`, ['web-1']],
    ['by its OCID in capitals, as some alarms have it', WEB.id.toUpperCase(), ['web-1']],
    ['by a link to it', `<https://cloud.oracle.com/compute/instances/${DB.id}?region=ap-tokyo-1|open>.`, ['db']],
    ['by its public address', 'ssh: connect to host 203.0.113.7 port 22: timed out', ['web-1']],
    ['by its address with a port', 'http://10.0.0.70:8080/health is red', ['db']],
    ['by its IPv6 address', '[2001:DB8::70]:22', ['db']],
    ['by its name', 'web-1 does not answer any more.', ['web-1']],
    ['by its name in other letters', 'WEB-1: DOWN', ['web-1']],
    ['by its name with domain and port', 'instance="web-1.prod.example.com:9100"', ['web-1']],
    ['by a name with a dot in it', 'host web-1.stage, please', ['web-1.stage', 'web-1']],
    ['by a name with blanks and brackets', 'the Mail Server (old) is slow', ['Mail Server (old)']],
    ['several times', 'web-1 cannot reach db', ['web-1', 'db']],
  ])('%s', (_, text, expected) => {
    expect(found(text).toSorted()).toEqual(expected.toSorted())
  })

  it.each([
    ['a longer name', 'web-10 and web-1-old and dba'],
    ['a longer address', '110.0.0.7, 10.0.0.71, 10.0.0.7.5'],
    ['a part of a word', 'The Mail Server (older)s'],
    ['nothing', ''],
  ])('but not by %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('and one that is spoken of in two ways comes first', () => {
    expect(found('db cannot reach web-1 (10.0.0.7)')).toEqual(['web-1', 'db'])
  })

  it('and an OCID leaves no doubt', () => {
    expect(found(`db: alarm for ${WEB.id}`)).toEqual(['web-1'])
  })
})

describe('an OCID that is in no list', () => {
  const id = 'ocid1.instance.oc1.phx.abuw4ljrnew'

  it('is still one', () => {
    expect(mentioned(directory, `new: ${id}.`)).toEqual({ instances: [], unlisted: id })
    expect(mentioned(undefined, `new: ${id}.`)).toEqual({ instances: [], unlisted: id })
  })

  it('is not needed beside one that is listed', () => {
    expect(mentioned(directory, `${id} ${WEB.id}`)).toEqual({ instances: [WEB], unlisted: undefined })
  })
})
