import { readFileSync } from 'node:fs';

/**
 * The most bytes of memory that this process has had at a time. On Linux `maxRSS` is at least what the
 * process had that started it, as execve keeps it (exec_mmap in
 * https://github.com/torvalds/linux/blob/v6.12/fs/exec.c); VmHWM is the process's own:
 * https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function peakMemoryBytes(): number {
  const ownPeak =
    process.platform === 'linux' &&
    /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  const kibibytes = ownPeak ? Number(ownPeak[1]) : process.resourceUsage().maxRSS;
  return kibibytes * 1024;
}
