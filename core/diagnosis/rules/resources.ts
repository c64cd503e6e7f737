/** Memory: what took it, and who was killed for it. */
import type { Details } from '../finding.ts'
import type { Line } from '../line.ts'
import type { Rule } from '../rule.ts'

/** A limit that was set on purpose, for one container: the machine itself has memory left. */
const OF_A_CONTAINER = /Memory cgroup out of memory|CONSTRAINT_MEMCG|oom_memcg|memory: usage \d+kB, limit/
const KB_PER_PAGE = 4
/** From this share of the memory on, what is set aside for huge pages is the reason. */
const MOST_OF_THE_MEMORY = 0.5

export const resourceRules: readonly Rule[] = [
  {
    class: 'hugepages-exhaust-memory',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'hugetlb: allocating',
        line: /HugeTLB: allocating (?<wanted>\d+) of page size (?<size>[\d.]+ [GMK]i?B) failed\. +Only allocated (?<pages>\d+) hugepages/i,
      },
      {
        has: 'hugepages_total=',
        line: /hugepages_total=(?<pages>[1-9]\d*) hugepages_free=\d+ .*hugepages_size=(?<size>\d+)kB/,
        read: takesMostMemory,
      },
    ],
    explains: ['out-of-memory', 'kernel-panic-oom', 'kernel-panic', 'systemd-frozen', 'sshd-failed'],
    playbook: 'edit',
  },
  {
    class: 'hugepages-exhaust-memory',
    severity: 'error',
    stops: 'never',
    signs: [{ has: ' hugepages=', line: /ommand line: .*\bhugepages=(?<pages>\d+)/, sure: 'likely', read: areMany }],
    explains: ['out-of-memory', 'kernel-panic-oom'],
    onlyAsCause: true,
    playbook: 'edit',
  },
  {
    class: 'out-of-memory',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'out of memory: ',
        line: /Out of memory(?: \([^)]*\))?: Kill(?:ed)? process (?<pid>\d+) \((?<process>[^)]+)\)/,
      },
      { has: 'invoked oom-killer', line: /(?<!\S)(?<process>\S+) invoked oom-killer/, notSoon: OF_A_CONTAINER },
      { has: 'constraint_none', line: /oom-kill:constraint=CONSTRAINT_NONE.*task=(?<process>[^,]+),/ },
      { has: 'no killable processes', line: /Out of memory and no killable processes/ },
    ],
    not: OF_A_CONTAINER,
    explains: ['kernel-panic-oom', 'kernel-panic', 'sshd-failed', 'hung-task', 'soft-lockup'],
    playbook: null,
  },
]

/** The kernel tells both when memory is out: the huge pages of a node, and a little later all pages there are. */
function takesMostMemory(details: Details, following: readonly Line[]): Details | undefined {
  const setAside = Number(details.pages) * Number(details.size)
  const all = following.flatMap(({ said }) => /(?<pages>\d+) pages RAM/.exec(said)?.groups?.pages ?? [])
  const memory = Number(all[0]) * KB_PER_PAGE
  return setAside >= memory * MOST_OF_THE_MEMORY
    ? { pages: details.pages ?? '', size: `${details.size} kB` }
    : undefined
}

/** Of the usual size; where the kernel does not say how much memory there is, half a gigabyte of them is many. */
function areMany(details: Details, following: readonly Line[]): Details | undefined {
  const all = following.flatMap(({ said }) => /Memory: \d+K\/(?<all>\d+)K available/.exec(said)?.groups?.all ?? [])
  const memory = Number(all[0] ?? 1024 ** 2)
  return Number(details.pages) * 2048 >= memory * MOST_OF_THE_MEMORY ? details : undefined
}
