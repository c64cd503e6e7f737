/** What the cloud's own agent could not do, and a clock that is far off. */
import type { Rule } from '../rule.ts'

export const cloudRules: readonly Rule[] = [
  {
    class: 'cloud-init-failed',
    severity: 'warning',
    stops: 'never',
    signs: [
      {
        has: 'failed to start',
        line: /Failed to start (?:cloud-[\w-]+\.service - )?(?<unit>(?:Initial cloud-init job|Cloud-init: |Apply the settings specified in cloud-config|Execute cloud user\/final scripts).*?)\.?$/,
      },
      { has: 'failed with result', line: /(?<unit>cloud-(?:init|config|final)[\w-]*\.service): Failed with result/ },
      { has: 'no instance datasource found', line: /No instance datasource found/ },
      { has: 'failed run of stage', line: /failed run of stage (?<unit>\S+)/ },
      {
        has: 'giving up on',
        line: /(?:cloud-init|url_helper|DataSource\w+)\S*.*giving up on .*(?:after|metadata|md)/i,
      },
      {
        has: 'metadata',
        line: /failed (?:at )?(?:getting|reading|fetching) .{0,40}metadata|failed (?:getting|reading|fetching) metadata/i,
        with: [/cloud-init|DataSource/],
      },
    ],
    over: [
      {
        has: 'cloud-init',
        line: /(?:Started|Finished) (?:cloud-[\w-]+\.service - )?(?:Initial cloud-init job \(metadata|Cloud-init: Network Stage)/,
      },
    ],
    playbook: null,
  },
  {
    class: 'clock-wrong',
    severity: 'warning',
    stops: 'never',
    signs: [
      {
        has: 'setting system clock to',
        // Boards without a battery begin in 1970 and are set by the network; an instance has its host's clock.
        line: /rtc[_-](?:cmos|efi)\b.*setting system clock to (?<time>(?:19\d\d|200\d|201[0-4]|20[4-9]\d|2[1-9]\d\d)-\d\d-\d\d)/,
      },
      { has: 'system clock wrong by', line: /System clock wrong by (?<offset>-?\d{4,}(?:\.\d+)?) seconds/ },
      {
        has: 'is in the future',
        line: /Superblock last (?:mount|write) time(?: \([^)]*\))? is in the future\.?(?!.*less than a day)/,
        notSoon: /by less than a day/,
      },
      {
        has: 'not yet valid',
        line: /certificate (?:has expired or )?is not yet valid(?!.*expired on)/i,
        sure: 'likely',
      },
      { has: 'clock skew too great', line: /Clock skew too great/ },
      {
        has: 'ntp',
        line: /(?:ntpd?|sntp).*(?:time correction of (?<offset>-?\d{4,}) seconds exceeds|panic_stop (?<offset>[-+]?\d{4,}))/i,
      },
    ],
    adds: [{ has: 'before build time', line: /System time before build time, advancing clock/ }],
    over: [
      { has: 'clock was stepped', line: /System clock was stepped by/ },
      { has: 'synchronization to', line: /[Ii]nitial (?:clock )?synchronization to time server/ },
      { has: 'synchronized to time server', line: /[Ss]ynchronized to time server/ },
    ],
    playbook: null,
  },
]
