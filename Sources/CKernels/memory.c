#include "CKernels.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif
#include <sys/resource.h>
#include <unistd.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

// By default every buffer above 128 KiB comes as fresh pages and goes back at once, and a chain of steps spends a
// fifth of its time on page faults.
void sg_keep_freed_memory(void) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 1 << 25);
  mallopt(M_TRIM_THRESHOLD, 1 << 27);
#endif
}

int64_t sg_memory_in_use(void) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  struct mallinfo2 info = mallinfo2();
  return (int64_t)(info.uordblks + info.hblkhd);
#else
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
#if defined(__APPLE__)
  return usage.ru_maxrss;
#else
  return (int64_t)usage.ru_maxrss * 1024;
#endif
#endif
}

int64_t sg_memory_of_machine(void) {
  int64_t bytes = (int64_t)sysconf(_SC_PHYS_PAGES) * (int64_t)sysconf(_SC_PAGESIZE);
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && (int64_t)limit.rlim_cur < bytes)
    bytes = (int64_t)limit.rlim_cur;
  return bytes > 0 ? bytes : (int64_t)1 << 32;
}

void sg_prefer_large_pages(void *start, sg_size bytes) {
#if defined(__linux__)
  // Large pages begin at their own multiples; what lies around them stays as it is.
  const uintptr_t page = 1 << 21, from = ((uintptr_t)start + page - 1) / page * page;
  const uintptr_t to = ((uintptr_t)start + (uintptr_t)bytes) / page * page;
  if (from < to) madvise((void *)from, to - from, MADV_HUGEPAGE);
#else
  (void)start, (void)bytes;
#endif
}
