#include "CKernels.h"

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
