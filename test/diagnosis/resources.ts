/** Memory. */
import type { Cases } from './cases.ts'

const COMES_UP = '\napp-7 login: '

export const resourceCases: Cases = {
  'hugepages-exhaust-memory': {
    fails: [
      `[    0.400000] HugeTLB: allocating 16384 of page size 2.00 MiB failed.  Only allocated 7621 hugepages.`,
      `[   14.100000] systemd invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0
[   14.110000] Node 0 hugepages_total=7400 hugepages_free=7400 hugepages_surp=0 hugepages_size=2048kB
[   14.120000] 4096000 pages RAM
[   14.130000] Out of memory: Killed process 411 (systemd-udevd) total-vm:33412kB`,
      `[    0.000000] Kernel command line: root=/dev/vda1 hugepages=7600
[    0.100000] Memory: 15887212K/16776680K available
[   14.100000] Kernel panic - not syncing: System is deadlocked on memory`,
    ],
    healthy: [
      `[    0.000000] Kernel command line: root=/dev/vda1 hugepages=7600`,
      `[    0.400000] HugeTLB: registered 2.00 MiB page size, pre-allocated 0 pages`,
      `[   14.110000] Node 0 hugepages_total=128 hugepages_free=128 hugepages_surp=0 hugepages_size=2048kB
[   14.120000] 4096000 pages RAM`,
    ],
  },
  'out-of-memory': {
    fails: [
      `[ 8211.100000] java invoked oom-killer: gfp_mask=0x1100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0
[ 8211.200000] Out of memory: Killed process 2211 (java) total-vm:9411220kB, anon-rss:7211000kB${COMES_UP}`,
      `[ 8211.100000] Out of memory: Kill process 2211 (mysqld) score 912 or sacrifice child`,
      `[ 8211.100000] node invoked oom-killer: gfp_mask=0x6200ca(GFP_HIGHUSER_MOVABLE), order=0`,
      `[ 8211.100000] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/app.service,task=app,pid=2211,uid=1000`,
      `[   44.100000] Out of memory and no killable processes...`,
    ],
    healthy: [
      `[ 8211.100000] app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
[ 8211.150000] memory: usage 262144kB, limit 262144kB, failcnt 211
[ 8211.200000] Memory cgroup out of memory: Killed process 2211 (app) total-vm:411220kB`,
      `[    1.000000] systemd[1]: Listening on Userspace Out-Of-Memory (OOM) Killer Socket.`,
    ],
  },
}
