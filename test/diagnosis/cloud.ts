/** cloud-init, and the clock. */
import type { Cases } from './cases.ts'

export const cloudCases: Cases = {
  'cloud-init-failed': {
    fails: [
      `[FAILED] Failed to start Initial cloud-init job (metadata service crawler).
See 'systemctl status cloud-init.service' for details.`,
      `systemd[1]: cloud-final.service: Failed with result 'exit-code'.`,
      `cloud-init[811]: No instance datasource found! Likely bad things to come!`,
      `cloud-init[811]: failed run of stage modules-final`,
      `cloud-init[811]: 2024-05-01 10:00:00,100 - url_helper.py[ERROR]: giving up on metadata after 120 seconds`,
      `cloud-init[811]: DataSourceOracle: failed reading metadata: timed out`,
    ],
    healthy: [
      `cloud-init[811]: 2024-05-01 10:00:00,100 - cc_ubuntu_advantage.py[WARNING]: failed to enable service`,
      `cloud-init[811]: 2024-05-01 10:00:00,100 - schema.py[WARNING]: cloud-config failed schema validation! You may run 'sudo cloud-init schema --system' to check the details.`,
      `[FAILED] Failed to start Initial cloud-init job (metadata service crawler).
[  OK  ] Finished Initial cloud-init job (metadata service crawler).`,
    ],
  },
  'clock-wrong': {
    fails: [
      `[    1.300000] rtc_cmos 00:00: setting system clock to 1980-01-01T00:00:11 UTC (315532811)`,
      `chronyd[611]: System clock wrong by 63072000.114 seconds`,
      `fsck.ext4: Superblock last mount time (Sun Mar  2 11:12:13 2031,
	now = Mon Jan  1 00:00:20 2001) is in the future.
/dev/sda1: Superblock last write time is in the future.`,
      `curl: (60) SSL certificate problem: certificate is not yet valid`,
      `kinit: Clock skew too great while getting initial credentials`,
      `ntpd[611]: time correction of 86412 seconds exceeds sanity limit (1000); set clock manually to the correct UTC time.`,
    ],
    healthy: [
      `[    1.300000] rtc_cmos 00:00: setting system clock to 2024-05-01T10:00:00 UTC (1714557600)`,
      `[    3.784550] rk808-rtc rk808-rtc: setting system clock to 2000-01-01T00:00:00 UTC (946684800)`,
      `chronyd[611]: System clock wrong by 1.204411 seconds`,
      `chronyd[611]: System clock wrong by 8211.204411 seconds
chronyd[611]: System clock was stepped by 8211.204411 seconds`,
      `ntpd[611]: System clock wrong by 8211.2 seconds
systemd-timesyncd[401]: Initial synchronization to time server 169.254.169.254:123 (169.254.169.254).`,
      `[    2.000000] systemd[1]: System time before build time, advancing clock.`,
      `/dev/sda1: Superblock last mount time is in the future.
	(by less than a day, probably due to the hardware clock being incorrectly set)`,
      `chronyd[611]: System clock wrong by 8211.2 seconds
systemd-timesyncd[401]: Synchronized to time server 169.254.169.254:123.`,
    ],
  },
}
