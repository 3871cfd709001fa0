#include <stdatomic.h>

#include "CKernels.h"

static atomic_bool interrupted;
static atomic_int deferred;

bool sg_is_interrupted(void) {
  return atomic_load_explicit(&interrupted, memory_order_relaxed) &&
         atomic_load_explicit(&deferred, memory_order_relaxed) == 0;
}
void sg_set_interrupted(bool is) { atomic_store_explicit(&interrupted, is, memory_order_relaxed); }
void sg_defer_interruption(bool is) { atomic_fetch_add_explicit(&deferred, is ? 1 : -1, memory_order_relaxed); }
