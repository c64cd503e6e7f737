import { describe, expect, it } from 'vitest'
import { catalogues } from '../../core/i18n/catalogue.ts'
import { makePublicKey } from '../../test/helpers/public-keys.ts'
import { readReplaceKeyForm, replaceKeyForm } from './replace-key-form.ts'
import { startTyped } from './start-fields.ts'

const { en } = catalogues
const { line } = makePublicKey('riya@laptop')

interface Values {
  readonly instance?: string
  readonly user?: string
  readonly key?: string | null
  readonly keep?: boolean
}

/** What Slack sends back for the form, more than we ask for included. */
function submitted({ instance = 'web-1', user = 'opc', key = line, keep = false }: Values = {}) {
  const { private_metadata } = replaceKeyForm(en, startTyped(instance, 'C0OPS', 'locked out since noon'), user)
  const options = keep ? [{ text: { type: 'plain_text', text: 'Keep' }, value: 'keep' }] : []
  return {
    id: 'V1',
    type: 'modal',
    private_metadata,
    state: {
      values: {
        instance: { instance: { type: 'plain_text_input', value: instance } },
        user: { user: { type: 'plain_text_input', value: user } },
        why: { why: { type: 'plain_text_input', value: ' locked out since noon\n' } },
        key: { key: { type: 'plain_text_input', value: key } },
        keep: { keep: { type: 'checkboxes', selected_options: options } },
      },
    },
  }
}

describe('readReplaceKeyForm', () => {
  it('reads what was filled in', () => {
    expect(readReplaceKeyForm(en, submitted({ instance: ' web-1 ', key: `${line}\n`, keep: true }), undefined)).toEqual(
      {
        kind: 'good',
        playbook: { name: 'replace-key', user: 'opc', publicKey: line, keepExisting: true },
        target: 'web-1',
        why: 'locked out since noon',
        channel: 'C0OPS',
        isElsewhere: false,
        submission: 'V1',
      },
    )
  })

  it.each([
    ['no key', { key: null }, 'key', /Paste the public key/],
    ['a private key', { key: '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA' }, 'key', /consider it burned/],
    ['two keys', { key: `${line}\n${line}` }, 'key', /several keys/],
    ['options', { key: `no-pty ${line}` }, 'key', /options/],
    ['a key that is cut', { key: line.slice(0, 40) }, 'key', /missing/],
    ['a user that is none', { user: 'opc; reboot' }, 'user', /Not a user name/],
    ['no instance', { instance: ' ' }, 'instance', /Name the instance/],
    ['an instance of two lines', { instance: 'a\nb' }, 'instance', /no line breaks/],
  ] as const)('says beside the input what is wrong with %s', (_, values, input, words) => {
    const read = readReplaceKeyForm(en, submitted(values), undefined)

    expect(read).toMatchObject({ kind: 'bad', errors: { [input]: expect.stringMatching(words) } })
  })

  it('says all that is wrong at once, and quotes none of it', () => {
    const secret = '-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n'

    const read = readReplaceKeyForm(en, submitted({ instance: '', user: '-', key: secret }), undefined)

    expect(read.kind === 'bad' && Object.keys(read.errors)).toEqual(['instance', 'user', 'key'])
    expect(JSON.stringify(read)).not.toContain('c2VjcmV0')
  })
})

describe('replaceKeyForm', () => {
  it('has a sentence for every reason to refuse a key, within what Slack shows', () => {
    for (const sentence of Object.values(en.commands.keyRefusals)) expect(sentence.length).toBeLessThan(250)
  })
})
