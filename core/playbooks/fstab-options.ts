/**
 * Options of fstab(5) that are misspelt: no file system knows them, and they are one slip away from one that all know.
 * Pure.
 */
import { errorsBetween } from '../base/spelling.ts'
import type { FstabEntry } from './fstab-entries.ts'

/** Their drivers refuse what they do not know; what they know stands below, the old names with it. */
const STRICT: readonly string[] = ['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'vfat', 'tmpfs']

/** mount(8), "FILESYSTEM-INDEPENDENT MOUNT OPTIONS"; systemd.mount(5) reads some of them too. */
const OF_ALL =
  'async atime noatime auto noauto context fscontext defcontext rootcontext defaults dev nodev diratime ' +
  'nodiratime dirsync exec noexec group iversion noiversion mand nomand _netdev nofail relatime norelatime ' +
  'strictatime nostrictatime lazytime nolazytime suid nosuid silent loud owner remount ro rw sync user ' +
  'nouser users symfollow nosymfollow bind rbind move shared rshared slave rslave private rprivate ' +
  'unbindable runbindable loop offset sizelimit encryption helper uhelper comment'
/** ext4(5) */
const OF_EXT =
  'acl noacl bsddf minixdf check nocheck debug errors grpid bsdgroups nogrpid sysvgroups grpquota quota ' +
  'noquota usrquota prjquota nouid32 oldalloc orlov resgid resuid sb user_xattr nouser_xattr journal ' +
  'journal_dev journal_path journal_ioprio journal_checksum nojournal_checksum journal_async_commit ' +
  'norecovery noload data data_err barrier nobarrier commit inode_readahead_blks stripe delalloc nodelalloc ' +
  'max_batch_time min_batch_time abort auto_da_alloc noauto_da_alloc init_itable noinit_itable discard ' +
  'nodiscard block_validity noblock_validity dioread_lock dioread_nolock max_dir_size_kb i_version ' +
  'nombcache dax mb_optimize_scan test_dummy_encryption inlinecrypt bh nobh'
/** xfs(5) */
const OF_XFS =
  'allocsize attr2 noattr2 filestreams ikeep noikeep inode32 inode64 largeio nolargeio logbufs logbsize ' +
  'logdev noalign nouuid uquota uqnoenforce gquota gqnoenforce pquota pqnoenforce qnoenforce rtdev sunit ' +
  'swidth swalloc wsync'
/** btrfs(5) */
const OF_BTRFS =
  'autodefrag noautodefrag compress compress-force datacow nodatacow datasum nodatasum degraded device ' +
  'enospc_debug noenospc_debug fatal_errors flushoncommit noflushoncommit fragment nologreplay rescue ' +
  'max_inline metadata_ratio recovery rescan_uuid_tree skip_balance space_cache nospace_cache clear_cache ' +
  'ssd ssd_spread nossd nossd_spread subvol subvolid thread_pool treelog notreelog usebackuproot ' +
  'user_subvol_rm_allowed check_int check_int_data check_int_print_mask'
/** mount(8), "Mount options for fat" and "Mount options for vfat" */
const OF_VFAT =
  'blocksize uid gid umask dmask fmask allow_utime codepage conv cvf_format cvf_option tz time_offset quiet ' +
  'rodir showexec sys_immutable flush usefree dots nodots dotsOK fat iocharset nfs shortname utf8 uni_xlate ' +
  'posix nonumtail'
/** tmpfs(5) */
const OF_TMPFS = 'size nr_blocks nr_inodes mode huge mpol noswap'

const KNOWN: ReadonlySet<string> = new Set(
  [OF_ALL, OF_EXT, OF_XFS, OF_BTRFS, OF_VFAT, OF_TMPFS].flatMap((names) => names.split(' ')),
)
/** One letter of a shorter word makes too many others. */
const MEANT: readonly string[] = [...KNOWN].filter((word) => word.length >= 5)

/** The options as they were meant; undefined where all of them are known, or nobody can say. */
export function asMeant({ type, options }: FstabEntry): readonly string[] | undefined {
  if (!type.split(',').every((one) => STRICT.includes(one))) return undefined
  const meant = options.map((option) => correction(option) ?? option)
  return meant.some((option, index) => option !== options[index]) ? meant : undefined
}

/** No file system is known to have it. */
export function isUnknownOption(option: string): boolean {
  const [name = ''] = option.split('=')
  return !KNOWN.has(name) && !/^[xX]-/.test(name)
}

function correction(option: string): string | undefined {
  if (!isUnknownOption(option)) return undefined
  const [, name = '', value = ''] = /^([^=]*)(=.*)?$/.exec(option) ?? []
  const [only, ...more] = MEANT.filter((word) => errorsBetween(name, word) === 1)
  return only === undefined || more.length > 0 ? undefined : `${only}${value}`
}
